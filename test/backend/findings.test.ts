import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './ask.ts';
import { type Backends, startBackends } from './backends.ts';
import { askLoki, type LogEntry } from './ask-loki.ts';
import { dashboardQueries } from './queries.ts';
import { type App, startApp } from './start-app.ts';

let backends: Backends;
let shop: App;

before(async () => {
  backends = await startBackends({ withLoki: true });
  shop = await startApp({
    file: '../process/telemetry/programs/traced.ts',
    service: 'shop',
    otlpUrl: backends.collector.otlpUrl,
  });
});
after(async () => {
  await shop?.stop();
  await backends?.stop();
});

const logged = (query: string): Promise<LogEntry[]> =>
  eventually(
    () => askLoki(backends.loki?.url ?? '', query),
    (entries) => entries.length > 0,
    { withinMs: 90_000, what: query },
  );

test('a finding is found by LogQL, with the line at fault and the trace of a request that leaked', async () => {
  const [entry] = await logged(
    '{service_name="shop"} | outlive_finding_type="unreleased_stream" | outlive_finding_state="raised"',
  );
  const { labels = {}, line } = entry ?? {};
  assert.match(labels['code_file_path'] ?? '', /traced\.ts$/);
  assert.match(labels['code_line_number'] ?? '', /^\d+$/);
  assert.match(labels['outlive_finding_id'] ?? '', /^[\da-f]{16}$/);
  assert.match(line ?? '', /stream/);

  const id = labels['outlive_finding_id'];
  await logged(`{service_name="shop"} | outlive_finding_id="${id}"`);
  const traceId = labels['trace_id'];
  assert.match(traceId ?? '', /^[\da-f]{32}$/);
  await logged(`{service_name="shop"} | trace_id="${traceId}"`);

  await shop.stop();
  const spans = JSON.parse(shop.output.slice(shop.output.lastIndexOf('[{'))) as Span[];
  const example = spans.find((span) => span.traceId === traceId && span.spanId === labels['span_id']);
  assert.equal(example?.name, 'GET /leaky');
});
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
}

test('every query of every dashboard that asks for logs finds some', async () => {
  const queries = dashboardQueries('dashboards').filter(({ language }) => language === 'LogQL');
  assert.ok(queries.length > 0);
  for (const { expr } of queries) await logged(expr);
});
