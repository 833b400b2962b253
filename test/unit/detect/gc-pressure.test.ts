import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GcPressure } from '../../../src/detect/gc-pressure.ts';
import { SlowRequests } from '../../../src/detect/slow-requests.ts';
import { RequestTimes } from '../../../src/lifetime/request-times.ts';
import { chargesOf } from './charges-of.ts';

const thresholds = { warning: 0.2, critical: 0.4 };

interface Second {
  readonly minorMs?: number;
  /** A major collection of so long at the beginning of the second. */
  readonly majorMs?: number;
  /** Requests: how long each takes; they begin 1 ms before the second's collection. */
  readonly requestsMs?: readonly number[];
}

/** A process whose seconds a test tells of. */
function served() {
  let nowMs = 0;
  const times = new RequestTimes(() => nowMs);
  const totals = {
    minor: { count: 0, durationMs: 0 },
    major: { count: 0, durationMs: 0 },
    incremental: { count: 0, durationMs: 0 },
    weakcb: { count: 0, durationMs: 0 },
  };
  const lastMajors: { startMs: number; durationMs: number }[] = [];
  const slow = new SlowRequests(times);
  const detector = new GcPressure(() => ({ totals, lastMajors }), slow, thresholds);
  const check = () => chargesOf(detector, 0, nowMs)[0]?.suspicion;
  const pass = (seconds: number, { minorMs = 0, majorMs = 0, requestsMs = [] }: Second) => {
    let last = check();
    for (let i = 0; i < seconds; i++) {
      const secondMs = nowMs;
      for (const ms of requestsMs) {
        nowMs = secondMs;
        const active = times.activeOf('GET *', false);
        const startedMs = times.begin(active);
        nowMs = secondMs + ms;
        times.end(active, startedMs, { name: 'GET /a', status: 200, finished: true });
      }
      totals.minor.durationMs += minorMs;
      if (majorMs > 0) {
        totals.major.count++;
        totals.major.durationMs += majorMs;
        lastMajors.push({ startMs: secondMs + 1, durationMs: majorMs });
        if (lastMajors.length > 128) lastMajors.shift();
      }
      nowMs = secondMs + 1000;
      last = check();
    }
    return last;
  };
  return { pass, slow, times };
}

const quick = Array.from({ length: 50 }, () => 5);

describe('gc-pressure', () => {
  it('has requests timed that nobody exports, while major collections may be what makes them slow', () => {
    const { pass, slow, times } = served();
    times.exported = false;
    pass(60, { requestsMs: quick });
    assert.equal([...times.routes].length, 0);
    pass(20, { majorMs: 40, requestsMs: quick });
    assert.deepEqual(
      [...times.routes].map(({ name }) => name),
      ['GET /a'],
    );
    pass(20, { majorMs: 40, requestsMs: [...quick, 60] });
    assert.ok(slow.slow > 0);
    pass(20, { requestsMs: quick });
    assert.equal(times.examined, false);
  });

  it('is told once collections took a fifth of the time for a minute', () => {
    const { pass } = served();
    assert.equal(pass(59, { minorMs: 150, majorMs: 80 }), undefined);
    const suspicion = pass(3, { minorMs: 150, majorMs: 80 });
    assert.deepEqual([suspicion?.type, suspicion?.severity, suspicion?.kind], ['gc_pressure', 'warning', 'heap']);
    assert.match(suspicion?.advice ?? '', /of the last 60 s 23 % went into it, the longest major pause took 80 ms/);
  });

  it('is critical where it is twice as much', () => {
    assert.equal(served().pass(62, { minorMs: 420 })?.severity, 'critical');
  });

  it('is not made critical by standing: what is eased is the level it stands at', () => {
    const { pass } = served();
    assert.equal(pass(62, { minorMs: 350 })?.severity, 'warning');
    assert.equal(pass(120, { minorMs: 350 })?.severity, 'warning');
    assert.equal(pass(62, { minorMs: 420 })?.severity, 'critical');
    assert.equal(pass(62, { minorMs: 350 })?.severity, 'critical');
    assert.equal(pass(62, { minorMs: 250 })?.severity, 'warning');
  });

  it('a look-alike that stays silent: a start and bursts that collect for 50 s', () => {
    const { pass } = served();
    for (let i = 0; i < 10; i++) {
      assert.equal(pass(50, { minorMs: 500, majorMs: 200 }), undefined);
      assert.equal(pass(20, { minorMs: 20 }), undefined);
    }
  });

  it('a look-alike that stays silent: few majors, and slow requests that other things make slow', () => {
    const { pass, slow } = served();
    const other = [...quick, ...quick, 300];
    assert.equal(pass(300, { majorMs: 60, requestsMs: other }), undefined);
    assert.ok(slow.slow > 0 && slow.overlapped > 0, 'chance alone makes them overlap');
    assert.equal(slow.byGc, 0);
  });

  it('is told of less, where it is majors that make slow requests slow, with what they cost the p99', () => {
    const { pass, slow } = served();
    // two of a hundred wait for the pause: the percentile is learnt before it comes
    pass(20, { requestsMs: [...quick, ...quick] });
    const suspicion = pass(70, { majorMs: 80, requestsMs: [...quick, ...quick, 85] });
    assert.equal(suspicion?.severity, 'warning');
    assert.ok(slow.byGc > 0.9 * slow.slow);
    assert.match(suspicion?.advice ?? '', /p99 of GET \/a \d+ ms, \d+ ms without those pauses/);
    assert.equal(pass(70, { majorMs: 0, requestsMs: quick }), undefined);
  });

  it('a late relief resolves it: below three quarters of the threshold it is over', () => {
    const { pass } = served();
    assert.equal(pass(62, { minorMs: 230 })?.severity, 'warning');
    assert.equal(pass(30, { minorMs: 160 })?.severity, 'warning', 'not while it hovers there');
    assert.equal(pass(12, { minorMs: 100 }), undefined);
  });
});

describe('slow requests', () => {
  it('that overlapped a major collection are counted, whatever made them slow', () => {
    const { pass, slow } = served();
    pass(6, { requestsMs: [...quick, ...quick] });
    pass(10, { majorMs: 10, requestsMs: [200] });
    assert.equal(slow.overlapped, slow.slow);
    assert.ok(slow.slow > 5);
    assert.equal(slow.byGc, 0);
  });

  it('that ended just now wait for the collections to be told', () => {
    let nowMs = 0;
    const times = new RequestTimes(() => nowMs);
    const slow = new SlowRequests(times);
    const request = (ms: number): void => {
      const active = times.activeOf('GET *', false);
      const startedMs = times.begin(active);
      nowMs += ms;
      times.end(active, startedMs, { name: 'GET /a', status: 200, finished: true });
    };
    for (let i = 0; i < 600; i++) request(5);
    request(100);
    slow.settle([], nowMs);
    assert.equal(slow.slow, 0);
    slow.settle([{ startMs: nowMs - 100, durationMs: 90 }], nowMs + 300);
    assert.deepEqual([slow.slow, slow.overlapped, slow.byGc], [1, 1, 1]);
  });
});
