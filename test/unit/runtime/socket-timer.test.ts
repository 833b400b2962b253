import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { timerHolds } from '../../../src/runtime/socket-timer.ts';

const storage = new AsyncLocalStorage<object>();
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A socket whose timer was set in the context of that store, as an HTTP server does at the end of a request. */
function restingAfter(store: object): Socket {
  const socket = new Socket();
  sockets.push(socket);
  storage.run(store, () => socket.setTimeout(60_000));
  return socket;
}

describe('the timer of a socket', () => {
  it('holds the context of the request that set it last', () => {
    const [first, last] = [{ n: 1 }, { n: 2 }];
    const socket = restingAfter(first);
    assert.equal(timerHolds(socket, first), true);
    storage.run(last, () => socket.setTimeout(60_000));
    assert.equal(timerHolds(socket, first), false);
    assert.equal(timerHolds(socket, last), true);
  });

  it('holds nothing where there is none, or no socket', () => {
    assert.equal(timerHolds(new Socket(), {}), false);
    assert.equal(timerHolds({ [Symbol('timeout')]: 3 }, {}), false);
    assert.equal(timerHolds({}, {}), false);
  });
});
