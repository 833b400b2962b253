import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const register = new URL('../../src/register.ts', import.meta.url).href;
const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);

/** Runs an app in a process of its own, with `outlive/register` unless `preloads` says otherwise; its output as lines. */
function ran(app: string, { preloads = [register], env = {} }: { preloads?: string[]; env?: object } = {}) {
  const imports = preloads.flatMap((url) => ['--import', url]);
  const { stdout, stderr, status } = spawnSync(process.execPath, [...imports, '--input-type=module', '--eval', app], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], OUTLIVE_STDERR: 'off', ...env },
  });
  return { lines: stdout.trim().split('\n'), stderr, status };
}

const printsModules = 'console.log(process.moduleLoadList.join("\\n"))';

/** What Node loads of its own modules with outlive before an app's first line, on each version. Another one is a decision. */
const loadedEarly = `_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server http
  module net stream stream/promises string_decoder`.split(/\s+/);
/** With Node's inner modules and bindings, and what it takes to read TypeScript: 50 to 53. */
const mostEarly = 54;

test("start-up: before the app's first line, Node loads what servers need and nothing else", () => {
  const bare = new Set(ran(printsModules, { preloads: [] }).lines);
  const added = ran(printsModules).lines.filter((name) => !bare.has(name));
  const modules = added.filter((name) => /^NativeModule (?!internal\/)/.test(name)).map((name) => name.slice(13));
  assert.deepEqual(modules.toSorted(), loadedEarly);
  assert.ok(added.length <= mostEarly, `${added.length} modules: ${added.join(', ')}`);
});

test('start-up: names that an app imports from Node are all there', () => {
  const app = `
    for (const name of ['https', 'zlib', 'tls', 'worker_threads', 'child_process', 'timers', 'fs', 'http', 'events'])
      console.log(name, Object.keys(await import('node:' + name)).join());`;
  assert.deepEqual(ran(app).lines, ran(app, { preloads: [] }).lines);
});

test('start-up: timers imported by name are followed', () => {
  const app = `
    import { setInterval } from 'node:timers';
    import * as timers from 'node:timers';
    console.log(setInterval === timers.default.setInterval, setInterval === globalThis.setInterval);`;
  assert.deepEqual(ran(app).lines, ['true false']);
});

test('start-up: an HTTPS server that is made after the start gives its requests a scope', () => {
  const app = `
    import https from 'node:https';
    const { snapshot } = await import(${index});
    const server = https.createServer();
    server.on('request', (request, response) => {
      console.log(Object.keys(snapshot().scopes).join());
      process.exit(0);
    });
    server.emit('request', { method: 'GET' }, new (await import('node:http')).ServerResponse({ method: 'GET' }));`;
  assert.deepEqual(ran(app).lines, ['GET *']);
});

test('start-up: what judges comes when the app is at work, not before', () => {
  const app = `
    const { findings, onFinding, flush, snapshot } = await import(${index});
    onFinding(() => {});
    console.log(findings().length, snapshot().sweeps);
    await flush();
    console.log(findings().length, snapshot().sweeps);`;
  assert.deepEqual(ran(app).lines, ['0 0', '0 1']);
});

test('start-up: a short program ends as soon as without, with its own exit code', () => {
  const { status, stderr } = ran('process.exitCode = 3');
  assert.equal(status, 3);
  assert.equal(stderr, '');
});

test("start-up: what exports opens none of the app's own input", () => {
  const app = `
    const { get } = Object.getOwnPropertyDescriptor(process, 'stdin');
    Object.defineProperty(process, 'stdin', { get: () => (console.log('opened'), get.call(process)), enumerable: true, configurable: true });
    const { flush, findings } = await import(${index});
    findings();
    await flush();
    const { _cache: loaded } = process.getBuiltinModule('node:module');
    console.log(Object.keys(loaded).some((file) => file.includes('sdk-logs')));`;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  assert.deepEqual(ran(app, { env }).lines, ['true']);
});
