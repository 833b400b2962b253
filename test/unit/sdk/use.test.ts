import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineIntegration, type Integration, OutliveError, shutdown, start, use } from '../../../src/index.ts';
import { collectGarbage } from '../observe/observed.ts';
import { engine, startedForEach, sweep } from './started.ts';

/** A library: sessions that are opened by a pool and must be closed. */
class Session {
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
}
class Sessions {
  open(_user: string): Session {
    return new Session();
  }
}

const library = { rule: 'the class Sessions', remedy: 'Hand in Sessions.', is: (value: unknown) => value === Sessions };

const sessions = defineIntegration<typeof Sessions>({
  name: 'sessions',
  versions: ['1'],
  library,
  attach(host) {
    const things = host.things<Session>({ kind: 'client', name: 'Session', advice: 'call `close()` on it' });
    host.afterCall(Sessions.prototype, 'open', (_pool, [user], session) => {
      if (user !== 'nobody' && session instanceof Session) things.opened(session);
    });
    host.beforeCall(Session.prototype, 'close', (session) => things.ended(session));
    host.beforeCall(Session.prototype, 'absent', () => assert.fail());
  },
});

describe('an integration that follows what a library opens', () => {
  startedForEach();

  const opened = (user = 'somebody') => new Sessions().open(user);
  const tally = () => engine().ledger.tallyOf('client');

  test('things get a lifetime from open to end, by the name of their library', () => {
    const unuse = use(sessions(Sessions));
    const session = opened();
    opened('nobody');
    sweep();
    assert.deepEqual([tally().opened, tally().open], [1, 1]);
    const type = engine().ledger.types.find(({ name }) => name === 'sessions.Session');
    assert.deepEqual(
      [...(type?.origins ?? [])].map(({ site }) => site?.frame.fn),
      ['opened'],
    );
    session.close();
    sweep(4);
    assert.deepEqual([tally().opened, tally().open], [1, 0]);
    assert.equal(session.isClosed, true);
    unuse();
  });

  test('those that were opened when it ends are held against nobody', () => {
    const unuse = use(sessions(Sessions));
    const kept = opened();
    sweep();
    unuse();
    sweep(4);
    assert.equal(tally().open, 0);
    assert.equal(kept.isClosed, false);
  });

  test('what is open at the shutdown is open for its last sweep and export, and the library is as it was', async () => {
    const { open } = Sessions.prototype;
    const unuse = use(sessions(Sessions));
    const kept = opened();
    sweep();
    const { ledger } = engine();
    await shutdown();
    while (!ledger.sweepSlice(Infinity));
    assert.deepEqual([ledger.tallyOf('client').open, kept.isClosed], [1, false]);
    assert.equal(Sessions.prototype.open, open);
    unuse();
  });

  test('nothing is retained', async () => {
    const unuse = use(sessions(Sessions));
    const refs = Array.from({ length: 20 }, () => new WeakRef(opened()));
    sweep(2);
    await collectGarbage();
    sweep();
    assert.deepEqual(
      refs.filter((ref) => ref.deref() !== undefined),
      [],
    );
    unuse();
  });
});

/** A queue of a library. */
class Box {
  readonly items: number[] = [];
  push(item: number): void {
    this.items.push(item);
  }
}

describe('an integration that an app has written for itself', () => {
  startedForEach();

  const boxes = defineIntegration<typeof Box>({
    name: 'boxes',
    versions: ['1'],
    library: { ...library, is: (value) => value === Box },
    attach(host, { prototype }) {
      const queues = host.queues<Box>({ size: ({ items }) => items.length });
      host.beforeCall(prototype, 'push', (box) => queues.put(box));
    },
  });

  test('names the lines that work with the library, not its own', () => {
    const unuse = use(boxes(Box));
    const pushesHere = (): void => new Box().push(1);
    pushesHere();
    assert.deepEqual(
      [...engine().queues].map(({ site }) => [site?.frame.file, site?.frame.fn]),
      [[import.meta.filename, 'pushesHere']],
    );
    assert.equal(engine().observer.calledThrough, undefined);
    unuse();
  });

  test('its queues are read once more when outlive is shut down, not when it is no longer used', async () => {
    const unuse = use(boxes(Box));
    new Box().push(1);
    unuse();
    assert.deepEqual([...engine().queues], []);
    const unuseAgain = use(boxes(Box));
    const box = new Box();
    box.push(1);
    const { queues } = engine();
    await shutdown();
    for (const _tick of queues.sample(0));
    assert.deepEqual([[...queues][0]?.size, box.items], [1, [1]]);
    unuseAgain();
  });
});

describe('use', () => {
  startedForEach();

  test('what its callbacks throw the library never sees', () => {
    const broken = defineIntegration<typeof Sessions>({
      name: 'sessions',
      versions: ['1'],
      library,
      attach(host) {
        for (const tell of [host.beforeCall.bind(host), host.afterCall.bind(host)])
          tell(Sessions.prototype, 'open', () => {
            throw new Error('planted');
          });
      },
    });
    const unuse = use(broken(Sessions));
    assert.ok(new Sessions().open('me') instanceof Session);
    assert.equal(engine().troubles.counts.get('integration sessions, open'), 2);
    unuse();
  });

  test('one whose attach fails is off, and what it had attached is undone', () => {
    const { open } = Sessions.prototype;
    const failing = defineIntegration<typeof Sessions>({
      name: 'sessions',
      versions: ['1'],
      library,
      attach(host) {
        host.beforeCall(Sessions.prototype, 'open', () => {});
        throw new Error('planted');
      },
    });
    const unuse = use(failing(Sessions));
    assert.equal(Sessions.prototype.open, open);
    assert.equal(engine().troubles.counts.get('integration sessions'), 1);
    unuse();
  });

  test('what attach returns is undone as well, though another part of it fails', () => {
    let undone = 0;
    const { open } = Sessions.prototype;
    const own = defineIntegration<typeof Sessions>({
      name: 'sessions',
      versions: ['1'],
      library,
      attach(host) {
        host.beforeCall(Sessions.prototype, 'open', () => {});
        return () => {
          undone++;
          throw new Error('planted');
        };
      },
    });
    use(own(Sessions))();
    assert.deepEqual([undone, Sessions.prototype.open], [1, open]);
  });

  test('what is no integration, or no list of them, is an error that says what to do', () => {
    for (const wrong of [undefined, 'p-queue', {}, Sessions, sessions] as unknown[]) {
      assert.throws(
        () => use(wrong as Integration),
        (error: unknown) =>
          error instanceof OutliveError &&
          error.code === 'OUTLIVE_BAD_ARGUMENT' &&
          error.option === 'integrations[0]' &&
          error.rule === 'an integration',
      );
    }
  });

  test('of several with one that is wrong none is attached', () => {
    const { open } = Sessions.prototype;
    assert.throws(
      () => use(sessions(Sessions), sessions(Session as unknown as typeof Sessions)),
      /integrations\[1\]\.library/,
    );
    assert.equal(Sessions.prototype.open, open);
  });

  test('more than a hundred at a time find no room', () => {
    const many = Array.from({ length: 105 }, () => {
      const { prototype } = class Many {
        run(): void {}
      };
      const { run } = prototype;
      const one = defineIntegration<object>({
        name: 'many',
        versions: [],
        library: { ...library, is: () => true },
        attach: (host) => host.beforeCall(prototype, 'run', () => {}),
      });
      return { unuse: use(one(prototype)), isPatched: () => prototype.run !== run };
    });
    assert.equal(many.filter(({ isPatched }) => isPatched()).length, 100);
    for (const { unuse } of many) unuse();
    assert.equal(many.filter(({ isPatched }) => isPatched()).length, 0);
  });
});

test('start: a bad integration is told by its place in the option, and nothing starts', () => {
  for (const [integrations, option] of [
    [[{}], 'integrations[0]'],
    [[sessions(Sessions), sessions(Session as unknown as typeof Sessions)], 'integrations[1].library'],
    ['p-queue', 'integrations'],
  ] as const) {
    assert.throws(
      () => start({ integrations: integrations as unknown as Integration[] }),
      (error: unknown) =>
        error instanceof OutliveError && error.code === 'OUTLIVE_BAD_OPTION' && error.option === option,
    );
  }
});
