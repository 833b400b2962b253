import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Scope } from '../../../src/lifetime/scope.ts';
import { collectGarbage } from '../observe/observed.ts';
import { Thing, ledgered, thingProbe } from './ledgered.ts';

describe('ledger: what is open', () => {
  it('counts an opening at once and its end when the scope ends', () => {
    const { ledger, request, open, tally } = ledgered();
    const nursery = request();
    const thing = open(nursery);
    assert.equal(tally.open, 1);
    thing.end = 'released';
    ledger.endScope(nursery);
    assert.deepEqual([tally.opened, tally.released, tally.open], [1, 1, 0]);
  });

  it('books an error as an error', () => {
    const { ledger, request, open, tally } = ledgered();
    const nursery = request();
    open(nursery).end = 'errored';
    ledger.endScope(nursery);
    assert.deepEqual([tally.released, tally.errored, tally.open], [0, 1, 0]);
  });

  it('keeps what is still open when its scope ends, in the order in which it was opened', () => {
    const { ledger, request, open } = ledgered();
    const nursery = request();
    const things = [open(nursery), open(nursery), open(nursery), open(nursery)];
    for (const i of [0, 2]) (things[i] as Thing).end = 'released';
    ledger.endScope(nursery);
    assert.deepEqual(
      nursery.items.filter((_, i) => i % 4 === 0),
      [things[1], things[3]],
    );
  });

  it('ends a scope once, whatever comes later', () => {
    const { ledger, request } = ledgered();
    const nursery = request();
    ledger.endScope(nursery, 'GET /orders/:id');
    ledger.endScope(nursery, 'GET /other');
    assert.equal(nursery.scope.name, 'GET /orders/:id');
    assert.equal(ledger.scopeStats.of('GET /orders/:id').ended, 1);
    assert.equal(ledger.scopeStats.of('GET /other').ended, 0);
  });

  it('never ends the scope of the process', () => {
    const { ledger } = ledgered();
    ledger.endScope(ledger.root);
    assert.equal(ledger.root.scope.ended, false);
  });

  it('hands the lifetimes of one in sixteen to the histogram, at most 256 between two looks', () => {
    const { ledger, request, open, pass, tally } = ledgered();
    for (let i = 0; i < 16 * 300; i++) {
      const nursery = request();
      open(nursery).end = 'released';
      pass(5);
      ledger.endScope(nursery);
    }
    assert.equal(tally.lifetimeSamplesS.length, 256);
    assert.ok(tally.lifetimeSamplesS.every((s) => Math.abs(s - 0.005) < 1e-9));
  });
});

describe('ledger: nothing is held strongly for longer than a sweep', () => {
  it('lets go of what a scope that is under way has opened before this sweep', async () => {
    const { ledger, sweep, request, open } = ledgered();
    const nursery = request();
    const ref = new WeakRef(open(nursery));
    sweep();
    assert.equal(nursery.items.length, 0);
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
    assert.equal(ledger.survivors.size, 1);
  });

  it('lets go of what was opened without a scope', async () => {
    const { ledger, sweep, open } = ledgered();
    const ref = new WeakRef(open(ledger.root));
    sweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
  });

  it('lets go of what was opened after its scope has ended', async () => {
    const { ledger, sweep, request, open } = ledgered();
    const nursery = request();
    ledger.endScope(nursery);
    const ref = new WeakRef(open(nursery));
    sweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
  });

  it('holds at most 64 newborns of one scope', () => {
    const { ledger, request, open } = ledgered();
    const nursery = request();
    for (let i = 0; i < 1000; i++) {
      open(nursery);
      assert.ok(nursery.items.length <= 64 * 4);
    }
    assert.equal(ledger.survivors.size + nursery.items.length / 4, 1000);
  });

  it('holds at most four that have ended in a scope that goes on, or that is over', () => {
    const { ledger, request, open } = ledgered();
    const over = request();
    ledger.endScope(over);
    for (const nursery of [request(), over]) {
      for (let i = 0; i < 100; i++) {
        open(nursery).end = 'released';
        assert.ok(nursery.items.length <= 4 * 4);
      }
    }
    assert.equal(ledger.survivors.size, 0);
  });

  it('looks seldom at newborns that stay open: each at most five times before it gets a row', () => {
    let looks = 0;
    const { ledger, request } = ledgered();
    const probe = { endOf: () => (looks++, undefined) };
    const type = ledger.defineType({ kind: 'stream', name: 'Looked', probe, judgement: 'scope', advice: '' });
    const nursery = request();
    for (let i = 0; i < 65; i++) ledger.open(nursery, {}, type, null);
    assert.equal(ledger.survivors.size, 64);
    assert.equal(looks, 4 + 8 + 16 + 32 + 64);
  });

  it('lets go of what ends right after its scope once 64 more scopes have left something', () => {
    const { request, open, ledger } = ledgered();
    const endedWith = (thing: Thing) => {
      const nursery = request();
      open(nursery, thing);
      ledger.endScope(nursery);
      thing.end = 'released';
      return nursery;
    };
    const [first, ...others] = Array.from({ length: 66 }, () => endedWith(new Thing()));
    assert.equal(first?.items.length, 0);
    assert.equal(others.filter(({ items }) => items.length > 0).length, 64);
    assert.equal(ledger.survivors.size, 0);
  });

  it('holds no scope that is over beyond the next sweep', async () => {
    const { request, open, ledger, sweep } = ledgered();
    const ended = () => {
      const nursery = request();
      open(nursery);
      ledger.endScope(nursery);
      return new WeakRef(nursery);
    };
    const ref = ended();
    sweep();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
  });

  it('holds about 4,096 newborns of all scopes together, and looks at a few at a time', () => {
    const { ledger, request, open } = ledgered({ maxOpen: 100_000 });
    const nurseries = Array.from({ length: 8_000 }, () => request());
    let promotedAtOnce = 0;
    let before = 0;
    for (const nursery of nurseries) {
      open(nursery);
      promotedAtOnce = Math.max(promotedAtOnce, ledger.survivors.size - before);
      before = ledger.survivors.size;
    }
    assert.ok(ledger.survivors.size >= 8_000 - 4_096);
    assert.ok(promotedAtOnce <= 64, `${promotedAtOnce} were promoted in one opening`);
  });

  it('forgets what was opened and ended though its scope goes on: a million streams in one scope', () => {
    const { ledger, request, open, sweep, tally } = ledgered({ maxOpen: 1_000 });
    const nursery = request();
    for (let i = 0; i < 1_000_000; i++) {
      open(nursery).end = 'released';
      if (i % 100_000 === 0) sweep();
    }
    sweep();
    assert.equal(tally.released, 1_000_000);
    assert.equal(ledger.survivors.size, 0);
    assert.ok(ledger.survivors.end < 300, `${ledger.survivors.end} rows`);
    assert.equal(tally.dropped, 0);
  });

  it('reuses the rows of what has ended: a million survivors in turn need a thousand rows', () => {
    const { ledger, open, sweep } = ledgered({ maxOpen: 100_000 });
    for (let round = 0; round < 200; round++) {
      const things = Array.from({ length: 1_000 }, () => open(ledger.root));
      sweep();
      for (const thing of things) thing.end = 'released';
      sweep();
    }
    assert.ok(ledger.survivors.end <= 2_000, `${ledger.survivors.end} rows`);
  });
});

describe('ledger: sweeps come in slices', () => {
  it('stops at its deadline while newborns are still to be looked at', () => {
    let slices = 1;
    const { ledger, request, open } = ledgered({ maxOpen: 100_000 });
    for (let i = 0; i < 4_000; i++) open(request());
    assert.equal(ledger.sweepSlice(0), false, 'the clock of the test stands past the deadline');
    assert.ok(ledger.survivors.size < 4_000, `${ledger.survivors.size} promoted past the deadline`);
    while (!ledger.sweepSlice(0)) slices++;
    assert.equal(ledger.survivors.size, 4_000);
    assert.ok(slices > 100);
  });

  it('counts one sweep for all its slices', () => {
    const { ledger, request, open } = ledgered();
    for (let i = 0; i < 500; i++) open(request());
    while (!ledger.sweepSlice(0));
    assert.equal(ledger.sweepCount, 1);
  });

  it('comes to an end though the app opens more at each turn', () => {
    const { ledger, request, open } = ledgered({ maxOpen: 100_000 });
    for (let i = 0; i < 100; i++) open(request());
    let slices = 0;
    while (!ledger.sweepSlice(0)) {
      slices++;
      for (let i = 0; i < 50; i++) open(request());
      assert.ok(slices < 2_000);
    }
  });
});

describe('ledger: bounds', () => {
  it('counts as dropped what is open beyond `maxOpen`, neither open nor ended', () => {
    const { ledger, open, sweep, tally } = ledgered({ maxOpen: 100 });
    const things = Array.from({ length: 150 }, () => open(ledger.root));
    sweep();
    assert.equal(ledger.survivors.size, 100);
    assert.deepEqual([ledger.droppedFull, tally.dropped, tally.open], [50, 50, 100]);
    for (const thing of things) thing.end = 'released';
    sweep();
    assert.deepEqual([tally.open, tally.released], [0, 100]);
  });

  it('lets go of what can no longer be seen to end, as dropped, and of nothing else of its kind', () => {
    const { define, ledger, open, sweep, tally, type } = ledgered({ kind: 'client' });
    const tracked = define('Tracked', { endOf: () => undefined });
    const session = {};
    ledger.openSurvivor(ledger.root, session, tracked, null);
    const things = [open(ledger.root)];
    sweep();
    things.push(open(ledger.root));
    ledger.unwatch(type.probe);
    sweep();
    assert.deepEqual([tally.open, tally.dropped, ledger.survivors.size], [1, 2, 1]);
    define();
    things.push(open(ledger.root));
    sweep();
    assert.deepEqual([tally.open, tally.dropped, things.length], [2, 2, 3]);
  });

  it('follows again once there is room', () => {
    const { ledger, open, sweep, tally } = ledgered({ maxOpen: 10 });
    const things = Array.from({ length: 12 }, () => open(ledger.root));
    sweep();
    for (const thing of things) thing.end = 'released';
    sweep();
    open(ledger.root);
    sweep();
    assert.deepEqual([tally.open, tally.dropped], [1, 2]);
  });

  it('shares one type among all classes of one name, and one for all beyond 1,000 names', () => {
    const { ledger } = ledgered();
    const define = (name: string) =>
      ledger.defineType({ kind: 'stream', name, probe: thingProbe, judgement: 'scope', advice: '' });
    assert.equal(define('Upload'), define('Upload'), 'a class that is declared in a handler is a new one each time');
    for (let i = 0; i < 3_000; i++) define(`Upload${i}`);
    assert.ok(ledger.types.length <= 1_050, `${ledger.types.length} types`);
    assert.equal(define('Another').name, 'other');
  });

  it('keeps types apart that are looked at in different ways', () => {
    const { ledger } = ledgered();
    const o = { kind: 'timer', name: 'setInterval', judgement: 'scope', advice: '' } as const;
    const first = ledger.defineType({ ...o, probe: { endOf: () => undefined } });
    const second = ledger.defineType({ ...o, probe: { endOf: () => 'released' } });
    assert.notEqual(first, second);
  });

  it('holds no chain of scopes for a job that starts the next one', async () => {
    const { ledger } = ledgered();
    let job = ledger.openScope('task', 'job', undefined);
    const first = new WeakRef(job.scope);
    for (let i = 0; i < 100; i++) {
      const next = ledger.openScope('task', 'job', job);
      ledger.endScope(job);
      job = next;
    }
    await collectGarbage();
    assert.equal(first.deref(), undefined);
  });

  it('knows the scope that a nested one works for while both are under way', () => {
    const { ledger, request } = ledgered();
    const outer = request();
    assert.ok(ledger.openScope('task', 'job', outer).scope.parent instanceof Scope);
  });
});

describe('ledger: collected things', () => {
  it('books what was collected un-ended as abandoned', async () => {
    const { ledger, open, sweep, tally } = ledgered();
    open(ledger.root);
    sweep();
    await collectGarbage();
    sweep();
    assert.deepEqual([tally.abandoned, tally.open, ledger.survivors.size], [1, 0, 0]);
  });

  it('keeps the rows apart of one thing that was booked twice', async () => {
    const { ledger, sweep, tally, open } = ledgered();
    const other = ledger.defineType({
      kind: 'client',
      name: 'Tracked',
      probe: { endOf: () => undefined },
      judgement: 'scope',
      advice: '',
    });
    (() => {
      const thing = open(ledger.root);
      ledger.openSurvivor(ledger.root, thing, other, null);
      sweep();
      thing.end = 'released';
      sweep();
    })();
    assert.equal(tally.released, 1);
    await collectGarbage();
    sweep();
    assert.equal(ledger.tallyOf('client').abandoned, 1);
    assert.equal(ledger.survivors.size, 0, 'a row stands for a thing that is gone');
  });
});

describe('ledger: a thing that cannot be looked at', () => {
  const breaking = { endOf: (thing: object) => (thing as Thing).end ?? assert.fail('a getter of the app threw') };

  it('is let go and counted, at its scope’s end and in the sweep', () => {
    const { ledger, request, sweep } = ledgered();
    const type = ledger.defineType({ kind: 'file', name: 'Odd', probe: breaking, judgement: 'scope', advice: '' });
    const nursery = request();
    const fine = new Thing();
    fine.end = 'released';
    for (const thing of [new Thing(), fine, new Thing()]) ledger.open(nursery, thing, type, null);
    ledger.endScope(nursery);
    ledger.open(ledger.root, new Thing(), type, null);
    sweep();
    const tally = ledger.tallyOf('file');
    assert.deepEqual([tally.opened, tally.released, tally.dropped, tally.open], [4, 1, 3, 0]);
    assert.deepEqual([nursery.items.length, ledger.survivors.size], [0, 0]);
  });

  it('is let go when looking breaks only later', () => {
    let breaks = false;
    const { ledger, sweep, open } = ledgered();
    const type = ledger.defineType({
      kind: 'file',
      name: 'Odd',
      probe: { endOf: () => undefined, bufferedOf: () => (breaks ? assert.fail('a getter of the app threw') : 0) },
      judgement: 'scope',
      advice: '',
    });
    ledger.open(ledger.root, new Thing(), type, null);
    open(ledger.root);
    sweep();
    breaks = true;
    sweep();
    assert.equal(ledger.tallyOf('file').dropped, 1);
    assert.equal(ledger.survivors.size, 1, 'the others are still looked at');
  });
});
