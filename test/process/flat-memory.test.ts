import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Runs a program with outlive's ledger and hooks at hand; each line it prints is JSON. */
function measured(program: string): Record<string, number> {
  const prelude = `
    import { PassThrough } from 'node:stream';
    import { setImmediate as turn } from 'node:timers/promises';
    const { flush, start, shutdown, scope } = await import('${src}index.ts');
    const { runningEngine } = await import('${src}sdk/running.ts');
    start();
    const { ledger } = runningEngine();
    // what judges is loaded late
    await flush();
    /** Bytes that are reachable: heap and typed arrays. */
    const reachable = async () => {
      for (let i = 0; i < 4; i++) { await turn(); gc(); }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const sweep = async () => { for (;;) { await turn(); if (ledger.sweepSlice(Infinity)) return; } };
  `;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', prelude + program],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OUTLIVE_STDERR: 'off',
        OUTLIVE_SWEEP_INTERVAL_MS: '3600000',
      },
    },
  );
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return JSON.parse(stdout) as Record<string, number>;
}

const streams = (within: string): string => `
  const open = async (count) => {
    for (let i = 1; i <= count; i++) {
      const stream = new PassThrough();
      stream.end();
      stream.destroy();
      if (i % 2_000 === 0) await turn();
      if (i % 50_000 === 0) await sweep();
    }
    await sweep();
  };
  const run = async () => {
    await open(100_000);
    const before = await reachable();
    await open(1_000_000);
    return (await reachable()) - before;
  };
  const grown = await ${within};
  const { opened, open: stillOpen, dropped } = ledger.tallyOf('stream');
  console.log(JSON.stringify({ grown, opened, stillOpen, dropped, rows: ledger.survivors.end, origins: ledger.types.flatMap((type) => [...type.origins]).length }));
  await shutdown();
`;

describe('memory stays flat', () => {
  for (const [where, within] of [
    ['one scope that works for hours', `scope('nightly job', run)`],
    ['no scope at all', 'run()'],
  ] as const) {
    it(`over a million streams in ${where}`, () => {
      const { grown = NaN, opened, stillOpen, dropped, rows = NaN, origins = NaN } = measured(streams(within));
      assert.deepEqual([opened, stillOpen, dropped], [1_100_000, 0, 0]);
      assert.ok(grown < 1_000_000, `${grown} bytes`);
      assert.ok(rows <= 1_024, `${rows} rows`);
      assert.ok(origins <= 4, `${origins} origins`);
    });
  }

  it('over half a million requests that leave nothing behind', () => {
    const { grown = NaN } = measured(`
      const requests = async (count) => {
        for (let i = 1; i <= count; i++) {
          const nursery = ledger.openScope('request', 'GET *', undefined);
          const stream = runningEngine().observer.context.run(nursery, () => new PassThrough());
          stream.destroy();
          ledger.endScope(nursery, 'GET /orders/:id');
          if (i % 2_000 === 0) await turn();
          if (i % 50_000 === 0) await sweep();
        }
        await sweep();
      };
      await requests(50_000);
      const before = await reachable();
      await requests(500_000);
      console.log(JSON.stringify({ grown: (await reachable()) - before }));
      await shutdown();
    `);
    assert.ok(grown < 1_000_000, `${grown} bytes`);
  });
});

describe('what stays open costs little', () => {
  it('less than 2 MB at 5,000, at most 200 B for each further one, each of a request of its own', () => {
    const { first = NaN, further = NaN } = measured(`
      const things = Array.from({ length: 55_000 }, () => ({ open: true }));
      const type = ledger.defineType({ kind: 'lease', name: 'thing', probe: { endOf: () => undefined }, judgement: 'scope', advice: '' });
      const open = async (from, to) => {
        for (let i = from; i < to; i++) {
          const nursery = ledger.openScope('request', 'GET *', undefined);
          ledger.open(nursery, things[i], type, null);
          ledger.endScope(nursery);
          if (i % 1_000 === 0) await sweep();
        }
        await sweep(); await sweep();
      };
      await sweep();
      const none = await reachable();
      await open(0, 5_000);
      const some = await reachable();
      await open(5_000, 55_000);
      const many = await reachable();
      console.log(JSON.stringify({ first: some - none, further: (many - some) / 50_000, kept: things.length }));
      await shutdown();
    `);
    assert.ok(first < 2_000_000, `${first} bytes at 5,000`);
    assert.ok(further <= 200, `${further} bytes for each further one`);
  });
});
