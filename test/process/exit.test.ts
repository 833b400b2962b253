import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const register = new URL('../../src/register.ts', import.meta.url).href;
const folder = fileURLToPath(new URL('.', import.meta.url));

interface Ending {
  readonly stdout: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMs: number;
}

/** Runs a program to its end; each line `READY` of it is answered with the next of `signals`. */
async function ended(
  program: string,
  {
    outlive,
    signals = [],
    endpoint,
    shutdownTimeoutMs = 2_000,
  }: { outlive: boolean; signals?: readonly NodeJS.Signals[]; endpoint?: string; shutdownTimeoutMs?: number },
): Promise<Ending> {
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [...(outlive ? ['--import', register] : []), '--input-type=module', '-e', program],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        OUTLIVE_STDERR: 'off',
        OUTLIVE_SHUTDOWN_TIMEOUT_MS: String(shutdownTimeoutMs),
        ...(endpoint === undefined
          ? { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
          : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
      },
    },
  );
  const left = [...signals];
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const _ of text.matchAll(/^READY$/gm)) {
      const signal = left.shift();
      if (signal !== undefined) child.kill(signal);
    }
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { stdout, code, signal, tookMs: performance.now() - startMs };
}

/** Holds a response back for some time, or for ever. */
function collector(answerAfterMs: number) {
  const server = http.createServer((request, response) => {
    request.resume();
    if (answerAfterMs < Infinity) setTimeout(() => response.end('{}'), answerAfterMs);
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const waits = 'setInterval(() => {}, 1_000); console.log("READY");';
const says = (event: string): string => `process.on('${event}', (...args) => console.log('${event}', ...args));`;

const programs: readonly (readonly [string, string, readonly NodeJS.Signals[]])[] = [
  ['by itself', 'console.log("done");', []],
  ['by itself, with what it says on the way', `${says('beforeExit')}${says('exit')}console.log("done");`, []],
  [
    'by itself after more work from beforeExit',
    `let n = 0; process.on('beforeExit', () => { if (n++ < 3) setTimeout(() => console.log('more', n), 1); }); ${says('exit')}`,
    [],
  ],
  [
    "by itself with an unref'd immediate left, whose turn never comes",
    'setImmediate(() => setImmediate(() => console.log("never")).unref());',
    [],
  ],
  ['by an exit code', 'process.exitCode = 3; process.on("exit", (code) => console.log(code));', []],
  ['by process.exit', 'setTimeout(() => process.exit(7), 10);', []],
  [
    'by an uncaught error',
    'process.on("uncaughtExceptionMonitor", () => console.log("monitored")); setTimeout(() => { process.on("exit", (c) => console.log(c)); process.exit(9); }, 10);',
    [],
  ],
  ['by SIGTERM with nobody listening', waits, ['SIGTERM']],
  ['by SIGINT with nobody listening', waits, ['SIGINT']],
  ['by SIGHUP with nobody listening', waits, ['SIGHUP']],
  [
    'by a listener that exits',
    `process.on('SIGTERM', (...args) => { console.log(args); process.exit(5); }); ${waits}`,
    ['SIGTERM'],
  ],
  [
    'by a listener that lets go',
    `const timer = setInterval(() => {}, 1_000); process.once('SIGTERM', () => { clearInterval(timer); console.log('bye'); }); ${says('beforeExit')} console.log("READY");`,
    ['SIGTERM'],
  ],
  [
    'at the second signal, when it listens to the first only',
    `process.once('SIGTERM', () => { console.log('once'); setTimeout(() => console.log('READY'), 20); }); ${waits}`,
    ['SIGTERM', 'SIGTERM'],
  ],
  [
    'when it ignores a signal and exits later',
    `process.on('SIGINT', () => setTimeout(() => process.exit(4), 20)); ${waits}`,
    ['SIGINT'],
  ],
  [
    'after a listener came and went',
    `const f = () => {}; process.on('SIGTERM', f); process.off('SIGTERM', f); ${waits}`,
    ['SIGTERM'],
  ],
  [
    'after all listeners were removed',
    `process.on('SIGTERM', () => {}); process.removeAllListeners('SIGTERM'); ${waits}`,
    ['SIGTERM'],
  ],
];

describe('the end of a process is what it was without outlive', () => {
  const slow = collector(150);
  for (const [how, program, signals] of programs) {
    it(`when it ends ${how}`, async () => {
      const told = ({ stdout, code, signal }: Ending) => ({ stdout, code, signal });
      const [bare, ours] = await Promise.all([
        ended(program, { outlive: false, signals }),
        ended(program, { outlive: true, signals }),
      ]);
      assert.deepEqual(told(ours), told(bare));
      if (!/itself(?! with an)|lets go|SIGTERM/.test(how)) return;
      const exporting = await ended(program, { outlive: true, signals, endpoint: slow() });
      assert.deepEqual(told(exporting), told(bare), 'while it exports');
    });
  }

  it('shows no listener of outlive on the process', async () => {
    const look = `
      const events = process.eventNames().filter((name) => typeof name === 'string').toSorted();
      console.log(JSON.stringify([events.map((name) => [name, process.listenerCount(name)]), Reflect.ownKeys(process).map(String).toSorted()]));
    `;
    const [bare, ours] = await Promise.all([ended(look, { outlive: false }), ended(look, { outlive: true })]);
    assert.equal(ours.stdout, bare.stdout);
  });

  it('keeps no process alive that has nothing left to do', async () => {
    const { tookMs, code } = await ended('setTimeout(() => {}, 300);', { outlive: true });
    assert.equal(code, 0);
    assert.ok(tookMs < 10_000, `${tookMs} ms`);
  });
});

describe('a collector that never answers', () => {
  const hanging = collector(Infinity);
  for (const [how, program, signals] of [
    ['by itself', 'console.log("done");', []],
    ['by SIGTERM', waits, ['SIGTERM']],
  ] as const) {
    it(`delays the end of a process ${how} by no more than its time-out`, async () => {
      const { code, signal, tookMs } = await ended(program, { outlive: true, signals, endpoint: hanging() });
      assert.deepEqual([code, signal], signals.length === 0 ? [0, null] : [null, 'SIGTERM']);
      assert.ok(tookMs < 8_000, `${tookMs} ms`);
    });
  }

  it('does not hold a second signal off', async () => {
    const program = `${waits} process.on('exit', () => {}); setTimeout(() => console.log('READY'), 150);`;
    const { signal, tookMs } = await ended(program, {
      outlive: true,
      signals: ['SIGINT', 'SIGINT'],
      endpoint: hanging(),
      shutdownTimeoutMs: 30_000,
    });
    assert.equal(signal, 'SIGINT');
    assert.ok(tookMs < 12_000, `${tookMs} ms`);
  });
});
