import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GrowingListeners } from '../../../src/detect/growing-listeners.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import { ListenerPiles, type PileReader } from '../../../src/lifetime/listener-piles.ts';
import { Scope } from '../../../src/lifetime/scope.ts';
import type { Site } from '../../../src/lifetime/site.ts';
import { stamp } from '../../../src/runtime/stamp.ts';
import { chargesOf } from './charges-of.ts';

const siteAt = (id: number): Site => {
  const frame = { file: '/app/server.js', line: id, column: 3, fn: 'handler' };
  return { id, frame, inApp: true, frames: [frame], libraries: [], captures: 1 };
};
const leakyLine = siteAt(14);
const tidyLine = siteAt(20);

const reader: PileReader = {
  countOf: (thing) => (thing as { list: object[] }).list.length,
  stillOn: (thing, _event, wanted) =>
    new Set((thing as { list: object[] }).list.filter((listener) => wanted.has(listener))),
};

/** One emitter with a list of listeners, and the detector that looks at it each sweep. */
function bench() {
  let nowMs = 0;
  const ledger = new Ledger({
    maxOpen: 1000,
    nowMs: () => nowMs,
    adopted: stamp(),
  });
  const piles = new ListenerPiles();
  const detector = new GrowingListeners(ledger, piles);
  const thing: { list: object[] } = { list: [] };
  const requests = [new Scope('request', 'GET /quotes', 1, undefined)];
  const pile = piles.add({ thing, event: 'quote', name: "EventEmitter 'quote'", nowMs, reader });
  let sweep = 0;
  return {
    thing,
    ledger,
    /** The last one adds. */
    requests,
    add(n: number, site: Site): object[] {
      return Array.from({ length: n }, () => {
        const listener = {};
        thing.list.push(listener);
        if (pile?.wantsSample()) pile.sample(listener, site, requests.at(-1) ?? assert.fail(), sweep);
        return listener;
      });
    },
    off: (listeners: readonly object[]) => void (thing.list = thing.list.filter((one) => !listeners.includes(one))),
    sweep() {
      nowMs += 10_000;
      return chargesOf(detector, ++sweep, nowMs);
    },
    /** Runs `step` before each of so many sweeps; answers the first sweep with a charge, 0 for none. */
    run(sweeps: number, step: (sweep: number) => void): number {
      let charged = 0;
      for (let i = 0; i < sweeps; i++) {
        step(i);
        if (this.sweep().length > 0) charged ||= i + 1;
      }
      return charged;
    },
  };
}

describe('growing listeners: a leak', () => {
  test('one listener a request that stays is accused at its line, within 64 sweeps', () => {
    const b = bench();
    const at = b.run(100, () => b.add(5, leakyLine));
    assert.ok(at > 0 && at <= 64, `accused at sweep ${at}`);
    const [charge] = b.sweep();
    assert.equal(charge?.suspicion.type, 'lingering_listener');
    assert.equal(charge.suspicion.kind, 'listener');
    assert.equal(charge.suspicion.certainty, 'likely');
    assert.equal(charge.suspicion.resourceType, "EventEmitter 'quote'");
    assert.equal(charge.suspicion.site, leakyLine);
    assert.equal(charge.suspicion.scopeName, 'GET /quotes');
    assert.equal(charge.suspicion.count, 500);
    const { rate } = charge.suspicion;
    assert.ok(rate && Math.abs(rate.value - 1800) < 20 && rate.low <= rate.value && rate.value <= rate.high);
  });

  test('it is told by the name of a request that is over, not of one whose route is not known yet', () => {
    const b = bench();
    b.run(100, () => {
      b.requests.push(new Scope('request', 'GET /quotes', 1, undefined));
      b.add(5, leakyLine);
      b.requests.push(new Scope('request', 'GET *', 1, undefined));
      b.off(b.add(1, leakyLine));
    });
    b.requests.push(new Scope('request', 'GET *', 1, undefined));
    b.add(40, leakyLine);
    assert.equal(b.sweep()[0]?.suspicion.scopeName, 'GET /quotes');
  });

  test('the line that takes its listeners off is not the one accused, however busy it is', () => {
    const b = bench();
    let passing: object[] = [];
    const at = b.run(140, (i) => {
      b.off(passing);
      passing = b.add(30 + (i % 7), tidyLine);
      b.add(3, leakyLine);
    });
    assert.ok(at > 0, 'accused');
    assert.equal(b.sweep()[0]?.suspicion.site, leakyLine);
  });

  test('a line that leaves one in eight behind is accused', () => {
    const b = bench();
    let passing: object[] = [];
    const at = b.run(200, () => {
      b.off(passing.slice(2));
      passing = b.add(16, leakyLine);
    });
    assert.ok(at > 0);
  });
});

describe('growing listeners: look-alikes stay silent', () => {
  test('300 clients that subscribe one by one and stay', () => {
    const b = bench();
    const connections = b.ledger.tallyOf('http.connection');
    const subscribe = (n: number): void => {
      connections.opened += n;
      b.add(n, tidyLine);
    };
    assert.equal(
      b.run(300, (i) => i < 100 && subscribe(3)),
      0,
    );
  });

  test('a plateau of 1,000 where listeners come and go', () => {
    const b = bench();
    b.add(1000, tidyLine);
    let seed = 7;
    const noise = (): number => (seed = (seed * 48_271) % 2_147_483_647) % 40;
    assert.equal(
      b.run(600, () => {
        b.off(b.thing.list.slice(0, noise()));
        b.add(Math.max(0, Math.min(40, 1000 + (noise() >> 1) - b.thing.list.length)), tidyLine);
      }),
      0,
    );
  });

  test('a count that swings slowly between 40 and 400, each listener for a while', () => {
    const b = bench();
    assert.equal(
      b.run(1000, (i) => {
        const wanted = Math.round(220 - 180 * Math.cos((2 * Math.PI * i) / 250));
        const stay = 20;
        b.off(b.thing.list.slice(0, Math.ceil(b.thing.list.length / stay)));
        b.add(Math.max(0, wanted - b.thing.list.length), tidyLine);
      }),
      0,
    );
  });

  test('300 listeners that are added at once and stay', () => {
    const b = bench();
    assert.equal(
      b.run(200, (i) => i === 40 && b.add(300, tidyLine)),
      0,
    );
  });
});

describe('growing listeners: when it is over', () => {
  test('taken off after all: resolved', () => {
    const b = bench();
    b.run(100, () => b.add(5, leakyLine));
    const [charge] = b.sweep();
    b.thing.list = [];
    assert.deepEqual(b.sweep(), []);
    assert.equal(charge?.whenGone(), 'resolved');
  });

  test('while nothing is added the accusation stands', () => {
    const b = bench();
    b.run(100, () => b.add(5, leakyLine));
    assert.equal(b.run(300, () => {}) > 0, true);
    assert.equal(b.sweep().length, 1);
  });

  test('a plateau with coming and going takes it back', () => {
    const b = bench();
    b.run(100, () => b.add(5, leakyLine));
    const [charge] = b.sweep();
    b.run(110, () => {
      b.off(b.thing.list.slice(0, 5));
      b.add(5, leakyLine);
    });
    assert.deepEqual(b.sweep(), []);
    assert.equal(charge?.whenGone(), 'retracted');
  });
});
