import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Agenda } from '../../../bench/detection/agenda.ts';
import { constantsAt } from '../../../bench/detection/constants.ts';
import { Random, seedOf } from '../../../bench/detection/random.ts';
import { Service } from '../../../bench/detection/service.ts';
import { simulateCollector } from '../../../bench/detection/thing.ts';
import { hourMs, openPerRequest } from '../../../bench/detection/traffic.ts';

const serviceOf = (seed: number): Service => new Service(new Random(seed), constantsAt('as_they_are'));
const route = { name: 'GET /', mostPerS: 0.5, durationMs: () => 100 };

describe('a simulated service', () => {
  const { WeakRef } = globalThis;
  before(simulateCollector);
  after(() => void (globalThis.WeakRef = WeakRef));

  test('what is to happen happens in the order of its times', () => {
    const [agenda, random, seen] = [new Agenda(), new Random(1), [] as number[]];
    for (let i = 0; i < 1000; i++) {
      const atMs = random.between(0, 1e6);
      agenda.add(atMs, () => void seen.push(atMs));
    }
    while (agenda.nextMs < Infinity) agenda.take()?.();
    assert.equal(seen.length, 1000);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
  });

  test('every request leaves one open: told at its line within the hour, once', () => {
    const service = serviceOf(1);
    const line = service.line('socket', 'net.Socket');
    openPerRequest(service, route, () => Infinity, line);
    service.run(hourMs);
    assert.deepEqual(
      service.raised.map(({ finding }) => finding.site),
      [line.site],
    );
  });

  test('what ends with its request is told of nowhere, and none of it is open in the end', () => {
    const service = serviceOf(2);
    const line = service.line('socket', 'net.Socket');
    openPerRequest(service, route, () => 50, line);
    service.run(hourMs);
    assert.deepEqual(service.raised, []);
    assert.ok(line.type.opened > 1000);
    assert.ok(service.ledger.tallyOf('socket').open < 3);
  });

  test('while the CPU is away nothing ends, and the first sweep after it comes before all that is late', () => {
    const service = serviceOf(3);
    const line = service.line('socket', 'net.Socket');
    const ended = service.open(service.ledger.root, line, { endsAtMs: 15_000, rooted: true });
    service.after(12_000, () => service.stall(hourMs));
    service.after(20_000, () => {});
    let openAfterStall = -1;
    service.run(2 * hourMs, () => {
      if (openAfterStall < 0 && service.nowMs > hourMs) openAfterStall = service.ledger.tallyOf('socket').open;
      return false;
    });
    assert.equal(openAfterStall, 1);
    assert.equal(service.ledger.tallyOf('socket').open, 0);
    assert.equal(ended.endsAtMs, 15_000);
  });

  test('one seed gives one history, another seed another', () => {
    const history = (seed: number): number => {
      const service = serviceOf(seed);
      openPerRequest(service, route, () => service.random.exponential(1e6));
      service.run(hourMs);
      return service.ledger.survivors.size * 1e6 + service.majors;
    };
    assert.equal(history(seedOf(7, 'a')), history(seedOf(7, 'a')));
    assert.notEqual(history(seedOf(7, 'a')), history(seedOf(7, 'b')));
  });
});
