import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { suite, test } from 'node:test';
import { generators } from '../../../../src/observe/hooks/generators.ts';
import { collectGarbage, observed } from '../observed.ts';
import { consumeFirst, isNotLibrary } from '../library-code.ts';

const asyncGeneratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())) as object;
const methods = () =>
  ['next', 'return', 'throw'].map((name) => Object.getOwnPropertyDescriptor(asyncGeneratorPrototype, name));
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function* pages(closed: { count: number }): AsyncGenerator<number, void, undefined> {
  try {
    for (let page = 0; page < 3; page++) yield page;
  } finally {
    closed.count++;
  }
}
async function* numbers(): AsyncGenerator<number, void, undefined> {
  for (let n = 0; ; n++) yield n;
}

async function* objects(): AsyncGenerator<object, void, undefined> {
  for (;;) yield {};
}

async function untilEnd(generator: AsyncGenerator): Promise<void> {
  for await (const _ of generator);
}

type Sut = ReturnType<typeof observed>;

/** Sweeps with the turns of the event loop between them that looks are taken in. */
async function sweeps(sut: Sut, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    sut.sweep();
    await nextTurn();
    await nextTurn();
  }
}

async function requestsOver(sut: Sut, rounds: number, handler: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sut.inRequest('GET /pages', handler);
    await sweeps(sut, 8);
  }
}

async function withGenerators(body: (sut: Sut) => Promise<void>): Promise<void> {
  const sut = observed({ hooks: [generators], isApp: isNotLibrary });
  try {
    await body(sut);
  } finally {
    sut.detach();
  }
}

suite('generators hook', () => {
  test('a generator that is left after its first page and kept is accused at the line that asked for it', () =>
    withGenerators(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 48, async () => {
        const generator = pages({ count: 0 });
        kept.push(generator);
        await generator.next();
      });
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.type, 'abandoned_generator');
      assert.equal(suspicion?.detector, 'outlived');
      assert.match(suspicion?.site?.frame.file ?? '', /generators\.test\.ts$/);
      assert.ok(kept.length >= (suspicion?.count ?? 0) && (suspicion?.count ?? 0) >= 6);
    }));

  test('a generator collected at its yield is a certain finding, for its finally never ran', () =>
    withGenerators(async (sut) => {
      const closed = { count: 0 };
      for (let i = 0; i < 8; i++) {
        await sut.inRequest('GET /pages', async () => void (await pages(closed).next()));
      }
      await sweeps(sut, 2);
      await collectGarbage();
      sut.sweep();
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.detector, 'abandoned');
      assert.equal(suspicion?.certainty, 'certain');
      assert.equal(suspicion?.count, 8);
      assert.equal(closed.count, 0);
      assert.equal(sut.tally('generator').abandoned, 8);
    }));

  test('a generator without clean-up that is dropped at its yield is only counted', () =>
    withGenerators(async (sut) => {
      for (let i = 0; i < 8; i++) {
        await sut.inRequest('GET /numbers', async () => void (await numbers().next()));
      }
      await sweeps(sut, 2);
      await collectGarbage();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('generator').abandoned, 8);
    }));

  test('a generator called again after the last look is no proof when it is collected', () =>
    withGenerators(async (sut) => {
      const left: AsyncGenerator[] = [];
      await sut.inRequest('GET /pages', async () => {
        for (let i = 0; i < 8; i++) await left[left.push(pages({ count: 0 })) - 1]?.next();
      });
      await sweeps(sut, 2);
      await Promise.all(left.splice(0).map(async (generator) => untilEnd(generator)));
      await collectGarbage();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('generator').abandoned, 0);
      assert.equal(sut.tally('generator').released, 8);
    }));

  test('a generator that waits and then runs to its end by itself is no proof when it is collected', () =>
    withGenerators(async (sut) => {
      const gates: (() => void)[] = [];
      async function* slow(): AsyncGenerator<number> {
        try {
          await new Promise<void>((resolve) => gates.push(resolve));
          yield* [];
        } finally {
          gates.length += 0;
        }
      }
      await sut.inRequest('GET /slow', () => {
        for (let i = 0; i < 8; i++) void slow().next();
      });
      await sweeps(sut, 2);
      for (const open of gates.splice(0)) open();
      await collectGarbage();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('generator').abandoned, 0);
    }));

  test('loops that end, break or throw are silent, however their generators are kept', () =>
    withGenerators(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 28, async () => {
        const [ended, broken, thrown] = [0, 1, 2].map(() => pages({ count: 0 }));
        kept.push(ended, broken, thrown);
        for await (const _ of ended ?? []);
        for await (const _ of broken ?? []) break;
        await assert.rejects(async () => {
          for await (const _ of thrown ?? []) throw new Error('in the loop');
        });
      });
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('generator').open, 0);
    }));

  test('a generator that is used on after its request is silent', () =>
    withGenerators(async (sut) => {
      const kept: AsyncGenerator<number>[] = [];
      for (let round = 0; round < 80; round++) {
        await sut.inRequest('GET /subscribe', async () => {
          const generator = numbers();
          kept.push(generator);
          await generator.next();
        });
        for (const generator of kept) await generator.next();
        await sweeps(sut, 1);
      }
      assert.deepEqual(sut.suspicions(), []);
    }));

  test('an end that comes late takes the accusation back', () =>
    withGenerators(async (sut) => {
      const kept: AsyncGenerator<number>[] = [];
      await requestsOver(sut, 48, async () => {
        const generator = pages({ count: 0 });
        kept.push(generator);
        await generator.next();
      });
      assert.equal(sut.suspicions().length, 1);
      for (const generator of kept) await generator.return(undefined);
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('generator').open, 0);
    }));

  test('what a library or a Node stream consumes is not followed', () =>
    withGenerators(async (sut) => {
      await sut.inRequest('GET /library', async () => {
        await consumeFirst(pages({ count: 0 }));
        await Readable.from(pages({ count: 0 })).toArray();
      });
      assert.equal(sut.tally('generator').opened, 0);
    }));

  test('the iteration of a Node stream is not followed, for the stream is', () =>
    withGenerators(async (sut) => {
      await sut.inRequest('GET /stream', async () => {
        const stream = Readable.from(['first', 'second']);
        await stream[Symbol.asyncIterator]().next();
        stream.destroy();
      });
      assert.equal(sut.tally('generator').opened, 0);
    }));

  test('of a busy generator function only a share is followed', () =>
    withGenerators(async (sut) => {
      await sut.inRequest('GET /busy', async () => {
        for (let i = 0; i < 1000; i++) await numbers().next();
      });
      assert.equal(sut.tally('generator').opened, 128);
      sut.sweep();
      await sut.inRequest('GET /busy', async () => void (await numbers().next()));
      assert.equal(sut.tally('generator').opened, 129);
    }));

  test('the value of the last step is held until the next sweep at the latest', () =>
    withGenerators(async (sut) => {
      const kept = objects();
      const value = await sut.inRequest('GET /value', async () => new WeakRef((await kept.next()).value as object));
      sut.sweep();
      await collectGarbage();
      assert.equal(value.deref(), undefined);
      await kept.return(undefined);
    }));

  test('detach puts the methods back as they were, descriptors and all', () => {
    const before = methods();
    const sut = observed({ hooks: [generators] });
    assert.notDeepEqual(methods(), before);
    sut.detach();
    assert.deepEqual(methods(), before);
  });
});
