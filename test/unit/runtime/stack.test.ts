import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import vm from 'node:vm';
import { capturedFrames, isCalledByNode } from '../../../src/runtime/stack.ts';
import { collectGarbage } from '../observe/observed.ts';

interface ErrorSettings {
  stackTraceLimit: number | undefined;
  prepareStackTrace?: unknown;
}
const settings = Error as unknown as ErrorSettings;
const before = Object.getOwnPropertyDescriptors(Error);
afterEach(() => {
  for (const key of ['prepareStackTrace', 'stackTraceLimit'] as const) {
    Reflect.deleteProperty(Error, key);
    const descriptor = Reflect.get(before, key) as PropertyDescriptor | undefined;
    if (descriptor !== undefined) Object.defineProperty(Error, key, descriptor);
  }
});

describe('the frames that led here', () => {
  it('are innermost first, with file, line, column and function', function named() {
    const [first] = (function inner() {
      return capturedFrames(8);
    })();
    assert.equal(first?.file, import.meta.filename);
    assert.equal(first?.fn, 'inner');
    assert.ok(first.line > 0 && first.column > 0);
  });

  it('leave Node’s own out', () => {
    const frames = [1].flatMap(() => capturedFrames(64));
    assert.ok(frames.length > 0);
    assert.ok(frames.every(({ file }) => !file.startsWith('node:')));
  });

  it('are as many as were asked for, whatever the limit of the app', () => {
    const deep = (n: number): readonly unknown[] => (n === 0 ? capturedFrames(4) : deep(n - 1));
    for (const limit of [0, 1, 1000]) {
      settings.stackTraceLimit = limit;
      assert.equal(deep(20).length, 4);
      assert.equal(settings.stackTraceLimit, limit);
    }
  });

  it('leave the settings of the app as they were', () => {
    const mine = (_error: Error, frames: NodeJS.CallSite[]) => `mine ${frames.length > 0}`;
    settings.prepareStackTrace = mine;
    capturedFrames(8);
    assert.equal(settings.prepareStackTrace, mine);
    assert.equal(new Error('a').stack, 'mine true');
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    const keys = Reflect.ownKeys(Error);
    capturedFrames(8);
    assert.deepEqual(Reflect.ownKeys(Error), keys);
  });

  it('are none where the app has frozen its settings, and nothing is thrown', () => {
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false, configurable: true });
    assert.deepEqual(capturedFrames(8), []);
    assert.match(new Error('a').stack ?? '', /stack\.test/);
  });

  it('are none while the app formats a stack of its own, which is left to it', () => {
    let inside: readonly unknown[] | undefined;
    settings.prepareStackTrace = () => {
      inside = capturedFrames(8);
      return 'mine';
    };
    assert.equal(new Error('a').stack, 'mine');
    assert.deepEqual(inside, []);
  });

  it('have the name of code that was made at run time', () => {
    const [first] = vm.runInThisContext('(capture) => capture(4)', { filename: '/app/made.js' })(capturedFrames) as {
      file: string;
    }[];
    assert.equal(first?.file, '/app/made.js');
  });

  it('keep nothing of what is on the stack', async () => {
    const [kept, ref] = (() => {
      const held = { of: 'the app' };
      const frames = Reflect.apply(
        function (this: object) {
          return capturedFrames(8);
        },
        held,
        [],
      ) as readonly object[];
      return [frames, new WeakRef(held)] as const;
    })();
    await collectGarbage();
    assert.equal(ref.deref(), undefined);
    assert.ok(
      kept.every((frame) => Object.values(frame).every((value) => ['string', 'number'].includes(typeof value))),
    );
  });
});

describe('who calls', () => {
  it('is the app where a class of its own is made, whatever of outlive is between', () => {
    assert.equal(
      isCalledByNode(() => false),
      false,
    );
  });

  it('is Node where nothing but outlive and Node is on the stack', () => {
    assert.equal(
      isCalledByNode((file) => file === import.meta.filename),
      true,
    );
  });
});
