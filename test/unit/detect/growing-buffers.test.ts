import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GrowingBuffers } from '../../../src/detect/growing-buffers.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import { Scope } from '../../../src/lifetime/scope.ts';
import type { Site } from '../../../src/lifetime/site.ts';
import { SwollenBuffers } from '../../../src/lifetime/swollen-buffers.ts';
import { stamp } from '../../../src/runtime/stamp.ts';
import { chargesOf } from './charges-of.ts';

interface Buffer {
  bytes: number;
  ended: boolean;
}
const MiB = 1 << 20;
const frame = { file: '/app/ws.js', line: 7, column: 3, fn: 'broadcast' };
const site: Site = { id: 1, frame, inApp: true, frames: [frame], libraries: [], captures: 1 };

function bench() {
  let nowMs = 1;
  const ledger = new Ledger({ maxOpen: 10_000, nowMs: () => nowMs, adopted: stamp() });
  const buffers = new SwollenBuffers();
  let attached = 0;
  buffers.writes.offer(() => (attached++, () => {}));
  const detector = new GrowingBuffers(ledger, buffers);
  const type = ledger.defineType({
    kind: 'http.connection',
    name: 'net.Socket',
    probe: {
      endOf: (thing) => ((thing as Buffer).ended ? 'released' : undefined),
      bufferedOf: (thing) => (thing as Buffer).bytes,
    },
    judgement: 'none',
    advice: '',
  });
  const scope = new Scope('request', 'POST /tick', 1, undefined);
  const opened: Buffer[] = [];
  return {
    ledger,
    buffers,
    get attached() {
      return attached;
    },
    open(bytes = 0): Buffer {
      const buffer = { bytes, ended: false };
      opened.push(buffer);
      ledger.openSurvivor(ledger.root, buffer, type, null);
      return buffer;
    },
    sweep() {
      nowMs += 10_000;
      while (!ledger.sweepSlice(Infinity));
      for (const one of opened) buffers.wanting(one)?.wroteAt(site, scope);
      return chargesOf(detector, ledger.sweepCount, nowMs);
    },
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

describe('growing buffers', () => {
  test('one that nobody reads is accused after 24 sweeps over 1 MiB, at the line that writes', () => {
    const b = bench();
    const slow = b.open();
    for (let i = 0; i < 50; i++) b.open();
    const at = b.run(60, (i) => (slow.bytes = Math.floor(i * 0.1 * MiB)));
    assert.ok(at >= 10 + 24 && at <= 10 + 26, `accused at sweep ${at}`);
    const { suspicion } = b.sweep()[0] ?? assert.fail();
    assert.equal(suspicion.type, 'growing_queue');
    assert.equal(suspicion.kind, 'queue');
    assert.equal(suspicion.resourceType, 'net.Socket write buffer');
    assert.equal(suspicion.site, site);
    assert.equal(suspicion.scopeName, 'POST /tick');
    assert.equal(suspicion.bytes, slow.bytes);
    assert.equal(suspicion.count, 1);
  });

  test('several at one line are one finding', () => {
    const b = bench();
    const slow = [b.open(), b.open(), b.open()];
    b.run(60, (i) => slow.forEach((one) => (one.bytes = i * 200_000)));
    const charges = b.sweep();
    assert.deepEqual(
      charges.map(({ suspicion }) => [suspicion.count, suspicion.bytes]),
      [[3, 3 * 59 * 200_000]],
    );
  });

  test('one is found among 9,000 open ones', () => {
    const b = bench();
    for (let i = 0; i < 9000; i++) b.open();
    const slow = b.open();
    assert.ok(b.run(60, (i) => (slow.bytes = 2 * MiB + i * 100_000)) > 0);
  });

  const silent: Record<string, (i: number) => number> = {
    'a large answer that drains slowly': (i) => Math.max(0, 60 - i) * MiB,
    'one that fills and drains': (i) => (i % 20) * MiB,
    'a full buffer that stays as it is': () => 5 * MiB,
    'growth below 1 MiB': (i) => i * 4000,
    'a level that swings': (i) => (4 + 3 * Math.sin(i / 6)) * MiB,
  };
  for (const [name, level] of Object.entries(silent)) {
    test(`silent: ${name}`, () => {
      const b = bench();
      const one = b.open();
      assert.equal(
        b.run(200, (i) => (one.bytes = Math.floor(level(i)))),
        0,
      );
    });
  }

  test('nothing is attached while no buffer is swollen, and not for long when one is', () => {
    const b = bench();
    const one = b.open();
    b.run(100, (i) => (one.bytes = i * 10_000));
    assert.equal(b.attached, 0);
    b.run(7, () => (one.bytes = 2 * MiB));
    assert.equal(b.attached, 0);
    b.run(60, (i) => (one.bytes += i));
    assert.equal(b.attached, 1);
    assert.equal(b.buffers.writes.underWay, false, 'the line is known');
  });

  test('drained, ended or collected: resolved', () => {
    for (const over of [
      (one: Buffer) => (one.bytes = 0),
      (one: Buffer) => (one.bytes *= 0.4),
      (one: Buffer) => (one.ended = true),
    ]) {
      const b = bench();
      const slow = b.open();
      b.run(60, (i) => (slow.bytes = i * 200_000));
      const [charge] = b.sweep();
      over(slow);
      assert.deepEqual(b.sweep(), []);
      assert.equal(charge?.whenGone(), 'resolved');
    }
  });
});
