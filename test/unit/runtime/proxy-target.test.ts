import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proxyTargets } from '../../../src/runtime/proxy-target.ts';

const forbidden = (): never => assert.fail('a trap was run');
const everyTrap = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [trap, forbidden]),
) as ProxyHandler<object>;

describe('what stands behind a Proxy', () => {
  it('is told without running a trap, and through several one by one', () => {
    const target = { name: 'target' };
    const inner = new Proxy(target, everyTrap);
    const outer = new Proxy(inner, everyTrap);
    const told = proxyTargets([inner, outer, target]);
    assert.ok(told[0] === target && told[1] === inner && told[2] === undefined);
  });

  it('is nothing where it was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.deepEqual(proxyTargets([proxy]), [undefined]);
  });

  it('leaves nothing on globalThis', () => {
    const before = Reflect.ownKeys(globalThis);
    proxyTargets([new Proxy({}, {})]);
    assert.deepEqual(Reflect.ownKeys(globalThis), before);
  });
});
