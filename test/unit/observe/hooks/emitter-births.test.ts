import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { onEmitterBirth } from '../../../../src/observe/hooks/emitter-births.ts';
import { observed } from '../observed.ts';

class Client extends EventEmitter {}
class Other extends EventEmitter {}

let app: ReturnType<typeof observed>;
beforeEach(() => {
  app = observed({ hooks: [] });
});
afterEach(() => {
  app.sweep();
  app.detach();
});

const clientType = () =>
  app.observer.defineType({
    kind: 'client',
    name: 'Client',
    probe: { endOf: () => undefined },
    judgement: 'scope',
    advice: '',
  });

describe('births of emitters', () => {
  it('are asked about once a class, and booked each time', () => {
    const asked: object[] = [];
    const detach = onEmitterBirth(app.observer, (prototype) => {
      asked.push(prototype);
      return prototype === Client.prototype ? clientType() : null;
    });
    const things = [new Client(), new Client(), new Other(), new Other()];
    detach();
    assert.equal(things.length, 4);
    assert.deepEqual(asked, [Client.prototype, Other.prototype]);
    assert.equal(app.tally('client').opened, 2);
  });

  it('belong to the first hook that claims them', () => {
    const first = onEmitterBirth(app.observer, () => clientType());
    const second = onEmitterBirth(app.observer, () => assert.fail('was claimed'));
    assert.ok(new Client());
    second();
    first();
  });

  it('are asked about anew when a hook joins or leaves', () => {
    const first = onEmitterBirth(app.observer, () => null);
    assert.ok(new Client());
    const second = onEmitterBirth(app.observer, () => clientType());
    assert.ok(new Client());
    second();
    assert.ok(new Client());
    first();
    assert.equal(app.tally('client').opened, 1);
  });

  it('give Node back as it was when the last hook leaves', () => {
    const before = Object.getOwnPropertyDescriptor(EventEmitter, 'init');
    const detaches = [onEmitterBirth(app.observer, () => null), onEmitterBirth(app.observer, () => null)];
    for (const detach of detaches) detach();
    assert.deepEqual(Object.getOwnPropertyDescriptor(EventEmitter, 'init'), before);
  });

  it('go on when a hook breaks on one', () => {
    const detach = onEmitterBirth(app.observer, () => assert.fail('of outlive'));
    assert.equal(new Client().on('a', () => {}).listenerCount('a'), 1);
    detach();
    assert.throws(() => app.sweep(), /hook failed: emitter birth/);
    app = observed({ hooks: [] });
  });

  it('without a prototype are nobody’s', () => {
    const detach = onEmitterBirth(app.observer, () => assert.fail('was asked'));
    EventEmitter.call(Object.create(null) as EventEmitter);
    detach();
  });
});
