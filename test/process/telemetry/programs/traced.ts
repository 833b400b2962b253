// A service with traces of its own: a span around each request, and every other request forgets its file.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type Context, type ContextManager, ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What `@opentelemetry/context-async-hooks` is, in short. */
class AsyncContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, fn, self, ...args) =>
    this.#storage.run(active, () => Reflect.apply(fn, self, args));
  bind: ContextManager['bind'] = (_active, target) => target;
  enable = (): this => this;
  disable = (): this => this;
}

const exporter = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncContext());
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
const tracer = trace.getTracer('shop');

/** So that it stays within its file descriptors however long it runs. */
const maxForgotten = 700;
const forgotten: unknown[] = [];
const server = createServer((request, response) => {
  void tracer.startActiveSpan(`GET ${request.url}`, async (span) => {
    const file = createReadStream(import.meta.filename);
    if (request.url === '/clean' || forgotten.length >= maxForgotten) await text(file);
    else forgotten.push(file);
    response.end('done');
    span.end();
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;

process.once('SIGTERM', () => {
  const spans = exporter.getFinishedSpans().map((span) => ({ name: span.name, ...span.spanContext() }));
  process.stdout.write(JSON.stringify(spans), () => process.exit());
});
for (;;) {
  for (const path of ['/leaky', '/clean']) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await delay(50);
}
