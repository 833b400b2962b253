import assert from 'node:assert/strict';
import inspector from 'node:inspector';
import { suite, test } from 'node:test';
import { generatorSource, generatorStates } from '../../../src/runtime/generator-state.ts';

async function* pages(): AsyncGenerator<number, void, undefined> {
  try {
    yield 1;
    await new Promise(() => {});
  } finally {
    // the clean-up that a generator which is left never runs
  }
}

async function* once(): AsyncGenerator<number, void, undefined> {
  yield 1;
}

const stateOf = (generator: object, lastStep?: object) => generatorStates([{ generator, lastStep }])[0];

suite('generator state', () => {
  test('tells a yield from an await from an end', async () => {
    const atYield = pages();
    const step = atYield.next();
    await step;
    const atAwait = pages();
    await atAwait.next();
    const pending = atAwait.next();
    const atEnd = once();
    for await (const _ of atEnd);
    assert.deepEqual(
      generatorStates([
        { generator: atYield, lastStep: step },
        { generator: atAwait, lastStep: pending },
        { generator: atEnd, lastStep: undefined },
        { generator: {}, lastStep: undefined },
      ]),
      ['yielded', 'awaiting', 'closed', undefined],
    );
  });

  test('a step whose promise is gone is over, for a generator holds its pending ones', async () => {
    const generator = pages();
    await generator.next();
    assert.equal(stateOf(generator), 'yielded');
  });

  test('a generator that threw is closed', async () => {
    // oxlint-disable-next-line require-yield -- it throws before it can
    const generator = (async function* (): AsyncGenerator<number> {
      throw new Error('broken');
    })();
    const step = generator.next();
    await assert.rejects(step);
    assert.equal(stateOf(generator, step), 'closed');
  });

  test('properties that the app put on a generator neither hide its state nor run', async () => {
    const generator = pages();
    await generator.next();
    for (let i = 0; i < 20; i++) {
      Object.defineProperty(generator, `extra${i}`, {
        enumerable: true,
        get: () => assert.fail('a getter of the app was run'),
      });
    }
    assert.equal(stateOf(generator), 'yielded');
  });

  test('gives the source of the function that made it', async () => {
    const generator = pages();
    await generator.next();
    assert.match(generatorSource(generator) ?? '', /^async function\* pages[^]*finally/);
  });

  test('leaves nothing behind on globalThis', async () => {
    const before = Reflect.ownKeys(globalThis);
    stateOf(pages());
    assert.deepEqual(Reflect.ownKeys(globalThis), before);
  });

  test('keeps away while a debugger can be attached', async () => {
    const generator = pages();
    await generator.next();
    inspector.open(0, '127.0.0.1');
    try {
      assert.equal(stateOf(generator), undefined);
    } finally {
      inspector.close();
    }
    assert.equal(stateOf(generator), 'yielded');
  });
});
