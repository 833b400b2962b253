import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OutliveError, shutdown, start, use } from '../../src/index.ts';
import { patchMethod } from '../../src/observe/patch.ts';
import { collectGarbage } from '../unit/observe/observed.ts';
import { engine, quiet, startedForEach } from '../unit/sdk/started.ts';
import { changesSince, lookAt, putBack } from './integrations/looks.ts';
import { pQueueSpecimens } from './integrations/p-queue.ts';
import type { Specimen } from './integrations/specimen.ts';

const specimens: readonly Specimen[] = [...pQueueSpecimens];

test('every integration is under the contract', () => {
  const folders = readdirSync(join(import.meta.dirname, '../../integrations'), { withFileTypes: true });
  assert.deepEqual(
    folders.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    [...new Set(specimens.map(({ folder }) => folder))],
  );
});

for (const { integration, life, mistakes, name, places, thing } of specimens) {
  const bare = lookAt(places);

  describe(`${name}, where outlive runs`, () => {
    startedForEach();

    test('it attaches, and its end gives the library back as it was', () => {
      const unuse = use(integration());
      assert.notDeepEqual(changesSince(bare), []);
      unuse();
      assert.deepEqual(changesSince(bare), []);
      unuse();
      assert.deepEqual(changesSince(bare), []);
    });

    test('the end of outlive gives the library back as it was', async () => {
      const unuse = use(integration());
      await shutdown();
      assert.deepEqual(changesSince(bare), []);
      unuse();
    });

    test('used twice it is attached once, until both have ended it', () => {
      const first = use(integration());
      const attached = lookAt(places);
      const second = use(integration(), integration());
      first();
      assert.deepEqual(changesSince(attached), []);
      second();
      assert.deepEqual(changesSince(bare), []);
    });

    test('an app sees no difference: results, errors, their order', async () => {
      const livedBare = await life();
      const unuse = use(integration());
      assert.deepEqual(await life(), livedBare);
      unuse();
    });

    test('what fails in outlive is none of the library’s business', async () => {
      const livedBare = await life();
      const { observer, troubles } = engine();
      observer.siteOutside = observer.open = () => {
        throw new Error('planted');
      };
      const unuse = use(integration());
      assert.deepEqual(await life(), livedBare);
      assert.ok([...troubles.counts.keys()].some((where) => where.startsWith('integration ')));
      unuse();
    });

    test('what somebody wrapped after it stays wrapped and works on', async () => {
      const unuse = use(integration());
      let calls = 0;
      for (const place of places)
        for (const key of changesSince(bare))
          patchMethod(
            place,
            key,
            (original) =>
              function (this: unknown, ...args: unknown[]): unknown {
                calls++;
                return Reflect.apply(original, this, args);
              },
          );
      unuse();
      const wrapped = lookAt(places);
      await life();
      assert.deepEqual(changesSince(wrapped), []);
      assert.ok(calls > 0);
      putBack(bare);
    });

    test('nothing is retained: what is followed is collected', async () => {
      const unuse = use(integration());
      const refs = Array.from({ length: 20 }, () => new WeakRef(thing()));
      for (const _tick of engine().queues.sample(1));
      await collectGarbage();
      assert.deepEqual(
        refs.filter((ref) => ref.deref() !== undefined),
        [],
      );
      unuse();
    });

    test('something else than the library is an error that says what to do', () => {
      for (const mistake of mistakes) {
        assert.throws(
          () => use(mistake()),
          (error: unknown) =>
            error instanceof OutliveError &&
            error.code === 'OUTLIVE_BAD_ARGUMENT' &&
            error.option === 'integrations[0].library' &&
            Boolean(error.rule && error.value && error.remedy),
        );
      }
      assert.deepEqual(changesSince(bare), []);
    });
  });

  describe(`${name}, where outlive does not run`, () => {
    test('it waits for the start, and for each start after that', async () => {
      const unuse = use(integration());
      assert.deepEqual(changesSince(bare), []);
      for (let i = 0; i < 2; i++) {
        start({ ...quiet, hooks: ['none'] });
        assert.notDeepEqual(changesSince(bare), []);
        await shutdown();
        assert.deepEqual(changesSince(bare), []);
      }
      unuse();
    });

    test('as an option of start() it lasts until the shutdown', async () => {
      start({ ...quiet, hooks: ['none'], integrations: [integration()] });
      assert.notDeepEqual(changesSince(bare), []);
      await shutdown();
      start({ ...quiet, hooks: ['none'] });
      assert.deepEqual(changesSince(bare), []);
      await shutdown();
    });

    test('where outlive is disabled it attaches nothing', () => {
      start({ tier: 'disabled', integrations: [integration()] });
      const unuse = use(integration());
      assert.deepEqual(changesSince(bare), []);
      unuse();
    });
  });
}
