import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import type { Finding } from '../../../src/detect/finding.ts';
import { OutliveError } from '../../../src/sdk/outlive-error.ts';
import { runningEngine } from '../../../src/sdk/running.ts';
import { alertHandlers } from '../../../src/sdk/on-alert.ts';
import { startFromEnvironment } from '../../../src/sdk/begin.ts';
import { findings, flush, onFinding, shutdown, snapshot, start } from '../../../src/sdk/start.ts';
import type { Alert } from '../../../src/telemetry/alerts/alert.ts';
import { chargeOf } from '../detect/charge.ts';
import { quiet } from './started.ts';

process.env['OTEL_METRICS_EXPORTER'] = 'none';
process.env['OTEL_LOGS_EXPORTER'] = 'none';
process.env['OUTLIVE_STDERR'] = 'off';
afterEach(() => shutdown());

const finding: Finding = {
  ...chargeOf({}).suspicion,
  id: '00ff',
  state: 'raised',
  place: undefined,
  stack: undefined,
  firstSeenMs: 0,
  lastSeenMs: 0,
};

describe('start', () => {
  it('twice is an error that says what to do', () => {
    start(quiet);
    assert.throws(
      () => start(quiet),
      (error: unknown) =>
        error instanceof OutliveError &&
        error.code === 'OUTLIVE_ALREADY_STARTED' &&
        /Start it once/.test(error.message),
    );
  });

  it('again after a shutdown is fine, as often as one likes', async () => {
    for (let i = 0; i < 3; i++) {
      const handle = start(quiet);
      await handle.flush();
      await handle.shutdown();
      assert.equal(runningEngine(), undefined);
    }
  });

  it('with a bad option starts nothing', () => {
    assert.throws(() => start({ maxOpen: -1 }), OutliveError);
    assert.equal(runningEngine(), undefined);
  });

  it('in the tier `disabled` attaches nothing', () => {
    const before = Object.getOwnPropertyDescriptor(EventEmitter, 'init');
    const handle = start({ tier: 'disabled' });
    assert.deepEqual(Object.getOwnPropertyDescriptor(EventEmitter, 'init'), before);
    assert.equal(runningEngine(), undefined);
    handle.setHooks(['all']);
    assert.doesNotThrow(() => start({ tier: 'disabled' }));
  });

  it('from the environment never throws, not even where it runs already', async () => {
    const first = startFromEnvironment();
    const second = startFromEnvironment();
    await second.shutdown();
    assert.notEqual(runningEngine(), undefined, 'the second is no handle of the first');
    await first.shutdown();
    assert.equal(runningEngine(), undefined);
  });
});

describe('stop', () => {
  it('ends the callbacks of the options after the last sweep, which may raise what they are to hear of', async () => {
    const told: Alert[] = [];
    const handle = start({ ...quiet, hooks: ['none'], onAlert: (alert) => void told.push(alert) });
    await handle.flush();
    const docket = runningEngine()?.judging?.docket ?? assert.fail('nothing judges');
    docket.update = function* () {
      yield;
      return [finding];
    };
    await handle.shutdown();
    assert.deepEqual(
      told.map(({ action, finding: { id } }) => [action, id]),
      [['open', '00ff']],
    );
    assert.equal([...alertHandlers()].length, 0);
  });

  it('before a start does nothing', async () => {
    await shutdown();
    await flush();
    assert.deepEqual(findings(), []);
    assert.deepEqual(snapshot().kinds, []);
    onFinding(() => {})();
  });

  it('by an old handle does not stop who came later', async () => {
    const first = start(quiet);
    await first.shutdown();
    start(quiet);
    await first.shutdown();
    assert.notEqual(runningEngine(), undefined);
  });

  it('gives Node back although the next start does not wait for it', async () => {
    const before = Object.getOwnPropertyDescriptor(EventEmitter, 'init');
    start(quiet);
    const stopping = shutdown();
    start(quiet);
    await stopping;
    await shutdown();
    assert.deepEqual(Object.getOwnPropertyDescriptor(EventEmitter, 'init'), before);
  });
});

describe('hooks', () => {
  it('are switched while the app runs', async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'setInterval')?.value as unknown;
    const handle = start({ ...quiet, hooks: ['-timers'] });
    assert.equal(globalThis.setInterval, before);
    handle.setHooks(['timers']);
    assert.notEqual(globalThis.setInterval, before);
    assert.deepEqual([...(runningEngine()?.hooks.groups ?? [])], ['timers']);
    handle.setHooks(['none']);
    assert.equal(globalThis.setInterval, before);
  });
});

describe('onFinding', () => {
  it('is called with each, until it is undone', () => {
    start(quiet);
    const seen: string[] = [];
    const off = onFinding(({ id }) => seen.push(id));
    runningEngine()?.tell(finding);
    off();
    runningEngine()?.tell(finding);
    assert.deepEqual(seen, ['00ff']);
  });

  it('may throw: the others are called, the app goes on', () => {
    start(quiet);
    const seen: string[] = [];
    onFinding(() => {
      throw new Error('of the app');
    });
    onFinding(({ id }) => seen.push(id));
    runningEngine()?.tell(finding);
    assert.deepEqual(seen, ['00ff']);
    assert.equal(runningEngine()?.troubles.counts.get('onFinding callback'), 1);
  });
});
