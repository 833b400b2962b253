import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Charge } from '../../../src/detect/detector.ts';
import { Docket, type DocketOptions } from '../../../src/detect/docket.ts';
import { chargeOf, siteOf } from './charge.ts';
import { resultOf } from './result-of.ts';

function docketOn(over: Partial<DocketOptions> = {}) {
  let wallMs = 1_000;
  const docket = new Docket({
    placeOf: ({ frame }) => ({ ...frame, text: `line ${frame.line}`, stack: '' }),
    wallMs: () => wallMs,
    ignore: [],
    updateIntervalMs: 60_000,
    maxFindings: 10,
    ...over,
  });
  const sweep = (charges: readonly Charge[], sweeps = 1) =>
    Array.from({ length: sweeps }, () => {
      wallMs += 10_000;
      return resultOf(docket.update(charges)).map(({ state, resourceType }) => `${state} ${resourceType}`);
    }).flat();
  return { docket, sweep };
}

const leak = chargeOf({ site: siteOf('app.js:8:find') });

describe('docket', () => {
  test('a charge is told when it was made three sweeps in a row, and once', () => {
    const { sweep } = docketOn();
    assert.deepEqual(sweep([leak], 2), []);
    assert.deepEqual(sweep([], 1), []);
    assert.deepEqual(sweep([leak], 2), []);
    assert.deepEqual(sweep([leak], 3), ['raised pg.Client']);
  });

  test('what a library opened far from the line waits for its owner to be charged', () => {
    const { sweep } = docketOn();
    const far = chargeOf({
      resourceType: 'undici.Client',
      site: siteOf(...[1, 2, 3, 4].map((n) => `node_modules/undici/a.js:${n}`), 'app.js:33:embed'),
    });
    assert.deepEqual(sweep([far], 15), []);
    assert.deepEqual(sweep([far], 1), ['raised undici.Client']);
  });

  test('a finding that stands is told again each interval, and keeps the id it has', () => {
    const { docket, sweep } = docketOn();
    sweep([leak], 3);
    const [first] = docket.standing();
    assert.deepEqual(sweep([leak], 6), ['updated pg.Client']);
    assert.equal(docket.standing()[0]?.id, first?.id);
  });

  test('one that gets worse by a level is told again at once, and for that level once an interval', () => {
    const { sweep } = docketOn({ updateIntervalMs: Infinity });
    const worse = { ...leak, suspicion: { ...leak.suspicion, severity: 'critical' as const } };
    sweep([leak], 3);
    assert.deepEqual(sweep([worse], 1), ['updated pg.Client']);
    assert.deepEqual(sweep([leak], 2), []);
    assert.deepEqual(sweep([worse], 2), []);
  });

  test('a charge that is no longer made closes as its rule says', () => {
    for (const gone of ['resolved', 'retracted'] as const) {
      const { docket, sweep } = docketOn();
      sweep([chargeOf({ gone })], 3);
      assert.deepEqual(sweep([], 8), [`${gone} pg.Client`]);
      assert.equal(docket.standing().length, 0);
      assert.deepEqual(
        [...docket.counts()].map((count) => [count.raised, count[gone]]),
        [[1, 1]],
      );
    }
  });

  test('one that is level, or watched no more, is closed as that: resolved, though nothing was released', () => {
    for (const gone of ['level', 'unwatched'] as const) {
      const { docket } = docketOn();
      for (let i = 0; i < 3; i++) resultOf(docket.update([chargeOf({ gone })]));
      const told = Array.from({ length: 8 }, () => resultOf(docket.update([]))).flat();
      assert.deepEqual(
        told.map(({ state, closedAs }) => [state, closedAs]),
        [['resolved', gone]],
      );
    }
  });

  test('the same line charged by another rule goes on as the same finding, not raised or closed anew', () => {
    const { docket, sweep } = docketOn();
    const site = siteOf('app.js:3:open');
    sweep([chargeOf({ kind: 'stream', type: 'unreleased_stream', site, key: 'outlived' })], 3);
    const told = sweep(
      [chargeOf({ kind: 'stream', type: 'unreleased_stream', site, key: 'abandoned', certainty: 'certain' })],
      12,
    );
    assert.deepEqual(
      told.filter((text) => !text.startsWith('updated')),
      [],
    );
    assert.equal(docket.standing().length, 1);
  });

  describe('what was told, and is found to be the doing of something else', () => {
    const client = chargeOf({
      resourceType: 'undici.Client',
      site: siteOf('node_modules/undici/client.js:1', 'app.js:33:embed'),
      gone: 'retracted',
    });
    const agent = chargeOf({
      resourceType: 'undici.Agent',
      site: siteOf('node_modules/undici/agent.js:9', 'app.js:6:connections'),
    });
    const nested = chargeOf({
      resourceType: 'undici.Client',
      key: client.key,
      site: siteOf('node_modules/undici/client.js:1', 'node_modules/undici/agent.js:2', 'app.js:33:embed'),
    });

    test('goes on as part of that, when that is told, and not before', () => {
      const { docket, sweep } = docketOn();
      assert.deepEqual(sweep([nested], 3), ['raised undici.Client']);
      const [told] = docket.standing();
      assert.deepEqual(sweep([nested, agent], 2), []);
      assert.equal(docket.standing()[0]?.id, told?.id);
      assert.deepEqual(sweep([nested, agent], 1), ['raised undici.Agent', 'resolved undici.Client']);
      assert.deepEqual(
        docket.standing().map(({ resourceType }) => resourceType),
        ['undici.Agent'],
      );
      assert.deepEqual(sweep([nested, agent], 3), []);
    });

    test('says what it goes on as', () => {
      const { docket } = docketOn();
      const told = Array.from({ length: 6 }, (_, i) =>
        resultOf(docket.update(i < 3 ? [nested] : [nested, agent])),
      ).flat();
      const { id, type, place } = told.find(({ resourceType }) => resourceType === 'undici.Agent') ?? assert.fail();
      assert.deepEqual(told.at(-1)?.partOf, { id, type, place });
      assert.equal(told.at(0)?.partOf, undefined);
    });

    test('a cause that was told long before takes it in only when it stays the cause', () => {
      const { sweep } = docketOn({ updateIntervalMs: Infinity });
      const apart = chargeOf({ resourceType: 'pg.Client', key: client.key, site: siteOf('app.js:90:save') });
      sweep([agent, apart], 3);
      assert.deepEqual(sweep([agent, nested], 7), []);
      assert.deepEqual(sweep([agent, apart], 1), []);
      assert.deepEqual(sweep([agent, nested], 8), ['resolved pg.Client']);
    });

    test('what was never told is let go without a word', () => {
      const { sweep } = docketOn({ updateIntervalMs: Infinity });
      assert.deepEqual(sweep([nested], 1), []);
      assert.deepEqual(sweep([nested, agent], 12), ['raised undici.Agent']);
    });
  });

  test('an ignored finding is counted and not told, until its rule runs out', () => {
    const until = new Date(100_000).toISOString();
    const { docket, sweep } = docketOn({ ignore: [{ site: 'app.js:8', reason: 'known', until }] });
    assert.deepEqual(sweep([leak], 5), []);
    assert.equal(docket.standing().length, 0);
    assert.deepEqual(
      [...docket.counts()].map(({ raised, suppressed }) => [raised, suppressed]),
      [[0, 1]],
    );
    assert.deepEqual(sweep([leak], 6), ['raised pg.Client']);
  });

  test('at most so many findings stand, and what found no room is counted', () => {
    const { docket, sweep } = docketOn({ maxFindings: 2 });
    sweep(
      [1, 2, 3].map((line) => chargeOf({ site: siteOf(`app.js:${line}`) })),
      3,
    );
    assert.equal(docket.standing().length, 2);
    assert.ok(docket.dropped > 0);
  });
});
