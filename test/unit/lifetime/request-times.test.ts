import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestTimes } from '../../../src/lifetime/request-times.ts';

function timed() {
  let nowMs = 0;
  const times = new RequestTimes(() => nowMs);
  const take = (ms: number, name = 'GET /a', status = 200, finished = true): void => {
    const active = times.activeOf('GET *', false);
    const startedMs = times.begin(active);
    nowMs += ms;
    times.end(active, startedMs, { name, status, finished });
  };
  const route = (name = 'GET /a') => [...times.routes].find((one) => one.name === name) ?? assert.fail(name);
  return { times, take, route, now: () => nowMs };
}

describe('durations of requests', () => {
  it('are counted by route, status and bucket, with their sum', () => {
    const { take, route } = timed();
    for (const ms of [1, 10, 11, 6000]) take(ms);
    take(2, 'GET /a', 500);
    const [ok, failed] = [...route().series];
    assert.deepEqual(ok?.counts, [2, 1, 0, 0, 0, 1], 'a bound belongs to the bucket below it');
    assert.deepEqual([ok?.count, ok?.sumMs, ok?.minMs, ok?.maxMs], [4, 6022, 1, 6000]);
    assert.deepEqual([failed?.status, failed?.count], [500, 1]);
  });

  it('are counted where they belong when routes and outcomes take turns', () => {
    const { take, route } = timed();
    const counts = (name: string) =>
      [...route(name).series].map(({ status, finished, count }) => [status, finished, count]);
    for (let i = 0; i < 3; i++) {
      take(1);
      take(1, 'GET /b');
      take(1, 'GET /a', 500);
      take(1, 'GET /a', 200, false);
      take(1, 'GET /a', 200, false);
    }
    const ofA = [
      [200, true, 3],
      [500, true, 3],
      [200, false, 6],
    ];
    assert.deepEqual([counts('GET /a'), counts('GET /b')], [ofA, [[200, true, 3]]]);
  });

  it('of a sort of answer without room of its own are counted as without a status, and change no other', () => {
    const { take, route } = timed();
    for (let status = 200; status < 232; status++) take(1, 'GET /a', status);
    for (let i = 0; i < 3; i++) {
      take(1, 'GET /a', 400);
      take(1, 'GET /a', 404);
      take(1, 'GET /a', 200);
    }
    const counts = new Map([...route().series].map(({ status, count }) => [status, count]));
    assert.deepEqual([counts.get(0), counts.get(200), counts.get(201), counts.size], [6, 4, 1, 33]);
  });

  it('are not looked at where nobody asks, neither at the start nor at the end', () => {
    let looks = 0;
    const times = new RequestTimes(() => looks++);
    const active = times.activeOf('GET *', false);
    times.exported = false;
    const untimed = times.begin(active);
    times.end(active, untimed, { name: 'GET /a', status: 200, finished: true });
    const begunBefore = times.begin(active);
    times.examined = true;
    times.end(active, begunBefore, { name: 'GET /a', status: 200, finished: true });
    assert.deepEqual([looks, active.count, [...times.routes].length], [0, 0, 0]);
    times.end(active, times.begin(active), { name: 'GET /a', status: 200, finished: true });
    assert.deepEqual([looks, [...times.routes].length], [2, 1], 'once collections take too much, they are');
  });

  it('know what is under way, by method and scheme', () => {
    const { times } = timed();
    const active = times.activeOf('GET *', true);
    const startedMs = times.begin(active);
    times.begin(times.activeOf('POST *', false));
    const counts = () => [...times.active()].filter(({ count }) => count > 0).map(({ name, secure }) => [name, secure]);
    assert.deepEqual(counts(), [
      ['GET *', true],
      ['POST *', false],
    ]);
    times.end(active, startedMs, { name: 'GET *', status: 200, finished: true });
    assert.deepEqual(counts(), [['POST *', false]]);
  });

  it('have quantiles that are right within a quarter', () => {
    const { take, route } = timed();
    for (let i = 1; i <= 1000; i++) take(i);
    for (const [quantile, ms] of [
      [0.5, 500],
      [0.9, 900],
      [0.99, 990],
    ] as const) {
      const told = route().quantileMs(quantile);
      assert.ok(told >= ms && told <= 1.25 * ms, `p${100 * quantile}: ${told}`);
    }
  });

  it('call nothing slow before 500 were seen, then what is beyond the 99th percentile', () => {
    const { times, take, now } = timed();
    for (let i = 0; i < 499; i++) take(i === 300 ? 900 : 10);
    assert.deepEqual(times.takeSlow(Infinity), []);
    for (let i = 0; i < 10; i++) take(10);
    take(200);
    const slow = times.takeSlow(now() + 1);
    assert.deepEqual(
      slow.map(({ startedMs, endedMs }) => endedMs - startedMs),
      [200],
    );
    assert.deepEqual(times.takeSlow(Infinity), [], 'told once');
  });

  it('follow what is now: a service that became slow has a higher percentile later on', () => {
    const { take, route } = timed();
    for (let i = 0; i < 8000; i++) take(10);
    for (let i = 0; i < 30_000; i++) take(100);
    assert.ok(route().quantileMs(0.5) > 90);
  });

  it('are bounded in routes, in sorts of answers and in slow ones', () => {
    const { times, take } = timed();
    for (let i = 0; i < 1000; i++) take(1, `GET /${i}`);
    assert.equal([...times.routes].length, 101);
    for (let i = 0; i < 1000; i++) take(1, 'GET /0', 100 + i);
    assert.ok([...([...times.routes][0]?.series ?? [])].length <= 33);
    for (let i = 0; i < 600; i++) take(1, 'GET /0');
    for (let i = 0; i < 300; i++) take(10_000 + 100 * i * i, 'GET /0');
    assert.ok(times.takeSlow(Infinity).length <= 256);
    assert.ok(times.droppedSlow > 0);
  });

  it('without those that a pause fell into show what the pause costs', () => {
    const { take, route } = timed();
    for (let i = 0; i < 970; i++) take(10);
    for (let i = 0; i < 30; i++) {
      take(400);
      route().addPaused(400);
    }
    assert.ok(route().quantileMs(0.99) >= 400);
    assert.ok(route().quantileWithoutPausedMs(0.99) < 15);
  });
});
