import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { detachAll, patchMethod, patchSetter } from '../../../src/observe/patch.ts';
import { LateDetaches } from '../../../src/observe/late-detaches.ts';
import { collectGarbage } from './observed.ts';

const described = (thing: object): unknown =>
  Reflect.ownKeys(thing).map((key) => [key, Reflect.getOwnPropertyDescriptor(thing, key)]);

class Base {
  greet(name: string): string {
    return `${this.constructor.name} ${name}`;
  }
}
class Derived extends Base {}

const loud = (target: object, name: PropertyKey) =>
  patchMethod(
    target,
    name,
    (original, state) =>
      function greet(this: unknown, ...args: unknown[]) {
        const said: unknown = Reflect.apply(original, this, args);
        return state.active ? `${String(said)}!` : said;
      },
  );

describe('a patch', () => {
  it('passes `this`, arguments and results through', () => {
    const detach = loud(Base.prototype, 'greet');
    assert.equal(new Derived().greet('you'), 'Derived you!');
    detach();
    assert.equal(new Derived().greet('you'), 'Derived you');
  });

  it('is taken back to the last attribute of the property', () => {
    const thing = Object.defineProperty({ a: 1, greet: () => 'a', z: 2 }, 'hidden', {
      value: () => 'h',
      configurable: true,
    });
    const before = described(thing);
    const detach = detachAll([loud(thing, 'greet'), loud(thing, 'hidden')]);
    assert.equal(Reflect.getOwnPropertyDescriptor(thing, 'hidden')?.enumerable, false);
    assert.deepEqual(Object.keys(thing), ['a', 'greet', 'z'], 'the order of properties stays');
    detach();
    assert.deepEqual(described(thing), before);
  });

  it('of an inherited method leaves no property behind', () => {
    const detach = loud(Derived.prototype, 'greet');
    assert.ok(Object.hasOwn(Derived.prototype, 'greet'));
    detach();
    assert.ok(!Object.hasOwn(Derived.prototype, 'greet'));
  });

  it('looks like what it replaces: name, length and properties, `promisify.custom` too', () => {
    const original = Object.assign(function original(_a: number, _b: number) {}, {
      [promisify.custom]: async () => 'custom',
    });
    const module = { original };
    const detach = loud(module, 'original');
    assert.notEqual(module.original, original);
    assert.equal(module.original.name, 'original');
    assert.equal(module.original.length, 2);
    assert.equal(promisify(module.original), original[promisify.custom]);
    detach();
  });

  it('leaves alone what cannot be patched, and says nothing', () => {
    const things: object[] = [
      {},
      { greet: 'no function' },
      Object.freeze({ greet: () => 'a' }),
      Object.preventExtensions(Object.create({ greet: () => 'a' }) as object),
      Object.defineProperty({}, 'greet', { get: () => () => 'a', configurable: true }),
    ];
    for (const thing of things) {
      const before = described(thing);
      loud(thing, 'greet')();
      assert.deepEqual(described(thing), before);
    }
  });

  it('that somebody wrapped meanwhile stays where it is, and does nothing', () => {
    const thing = { greet: () => 'a' };
    const detach = loud(thing, 'greet');
    const ours = thing.greet;
    thing.greet = () => `(${ours()})`;
    const theirs = thing.greet;
    detach();
    assert.equal(thing.greet, theirs);
    assert.equal(thing.greet(), '(a)');
  });

  it('is undone once: a second detach takes nothing from who came later', () => {
    const thing = { greet: () => 'a' };
    const detach = loud(thing, 'greet');
    detach();
    const second = loud(thing, 'greet');
    detach();
    assert.equal(thing.greet(), 'a!');
    second();
  });

  it('of several is undone in reverse order', () => {
    const order: number[] = [];
    detachAll([() => order.push(1), () => order.push(2)])();
    assert.deepEqual(order, [2, 1]);
  });
});

class Limit {
  #of = 1;
  get of(): number {
    return this.#of;
  }
  set of(value: number) {
    if (value < 0) throw new RangeError('below 0');
    this.#of = value;
  }
}

describe('a patched setter', () => {
  const counted = (target: object) => {
    const set: unknown[] = [];
    const detach = patchSetter(
      target,
      'of',
      (original, state) =>
        function (this: unknown, value: unknown): void {
          if (state.active) set.push(value);
          Reflect.apply(original, this, [value]);
        },
    );
    return { set, detach };
  };

  it('passes `this`, the value and errors through, the getter as it is', () => {
    const { set, detach } = counted(Limit.prototype);
    const limit = new Limit();
    limit.of = 5;
    assert.equal(limit.of, 5);
    assert.throws(() => (limit.of = -1), RangeError);
    detach();
    limit.of = 6;
    assert.deepEqual([set, limit.of], [[5, -1], 6]);
  });

  it('is taken back to the last attribute, inherited ones too', () => {
    class Derived2 extends Limit {}
    for (const target of [Limit.prototype, Derived2.prototype]) {
      const before = described(target);
      const { set, detach } = counted(target);
      new Derived2().of = 2;
      assert.deepEqual(set, [2]);
      detach();
      assert.deepEqual(described(target), before);
    }
  });

  it('leaves alone what somebody replaced after it, what has no setter, what cannot be replaced', () => {
    const target = { of: 1 };
    const frozen = Object.freeze(Object.create(null, { of: { set() {}, configurable: false } })) as object;
    for (const untouched of [target, frozen, {}]) {
      const before = described(untouched);
      counted(untouched).detach();
      assert.deepEqual(described(untouched), before);
    }
    const limit = Object.defineProperty({}, 'of', { set() {}, configurable: true });
    const { detach } = counted(limit);
    Object.defineProperty(limit, 'of', { value: 7 });
    detach();
    assert.equal(Reflect.get(limit, 'of'), 7);
  });
});

describe('patches on classes of the app', () => {
  it('are undone in reverse order, once', () => {
    const late = new LateDetaches();
    const order: number[] = [];
    const target = {};
    for (const n of [1, 2, 3]) late.add(() => order.push(n), n === 2 ? target : undefined);
    late.run();
    late.run();
    assert.deepEqual(order, [3, 2, 1]);
  });

  it('keep no class alive, however many there were', async () => {
    const late = new LateDetaches();
    const refs: WeakRef<object>[] = [];
    const patchNewClass = (): void => {
      const target = class Client extends Base {}.prototype;
      refs.push(new WeakRef(target));
      late.add(loud(target, 'greet'), target);
    };
    for (let i = 0; i < 1_000; i++) patchNewClass();
    await collectGarbage();
    assert.ok(refs.filter((ref) => ref.deref() !== undefined).length < 10);
    for (let i = 0; i < 100; i++) patchNewClass();
    assert.ok(late.size < 500, `${late.size} kept`);
    late.run();
  });
});
