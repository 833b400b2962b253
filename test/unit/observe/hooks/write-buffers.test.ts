import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Duplex, Writable } from 'node:stream';
import { afterEach, test } from 'node:test';
import { GrowingBuffers } from '../../../../src/detect/growing-buffers.ts';
import { SwollenBuffers } from '../../../../src/lifetime/swollen-buffers.ts';
import { sockets } from '../../../../src/observe/hooks/sockets.ts';
import { streams } from '../../../../src/observe/hooks/streams.ts';
import { writeBuffers } from '../../../../src/observe/hooks/write-buffers.ts';
import { observed } from '../observed.ts';
import { chargesOf } from '../../detect/charges-of.ts';

let undo: (() => unknown)[] = [];
afterEach(() => {
  for (const fn of undo.splice(0)) fn();
});

function observedBuffers() {
  const buffers = new SwollenBuffers();
  const o = observed({ hooks: [sockets, streams, writeBuffers(buffers)] });
  undo.push(o.detach);
  const detector = new GrowingBuffers(o.ledger, buffers);
  return {
    ...o,
    buffers,
    sweepAll() {
      o.sweep();
      return chargesOf(detector, o.ledger.sweepCount, o.ledger.nowMs);
    },
  };
}

const chunk = Buffer.alloc(96 * 1024);
const broadcast = (socket: Writable): boolean => socket.write(chunk);

test('write buffers: a peer that does not read is found at the line that writes to it', async () => {
  const { sweepAll, buffers } = observedBuffers();
  const methods = [Writable.prototype.write, Duplex.prototype.write];
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  peer.pause();
  const [accepted] = (await once(server, 'connection')) as [net.Socket];
  undo.push(
    () => peer.destroy(),
    () => accepted.destroy(),
    () => server.close(),
  );
  accepted.on('error', () => {});
  let charges = sweepAll();
  for (let i = 0; i < 150 && charges.length === 0; i++) {
    broadcast(accepted);
    await new Promise((resolve) => setImmediate(resolve));
    charges = sweepAll();
  }
  const { suspicion } = charges[0] ?? assert.fail('no charge');
  assert.equal(suspicion.resourceType, 'net.Socket write buffer');
  assert.equal(suspicion.site?.frame.fn, 'broadcast');
  assert.ok(suspicion.bytes > 1 << 20);
  peer.resume();
  accepted.destroy();
  await once(accepted, 'close');
  assert.deepEqual(sweepAll(), []);
  assert.equal(buffers.writes.underWay, false);
  assert.deepEqual([Writable.prototype.write, Duplex.prototype.write], methods);
});

test('write buffers: a stream whose sink is stuck is found as well, and writes pass through as they are', () => {
  const { sweepAll, buffers } = observedBuffers();
  const sink = new Writable({ write: () => {}, highWaterMark: 10 });
  let charges = sweepAll();
  for (let i = 0; i < 60 && charges.length === 0; i++) {
    assert.equal(broadcast(sink), false);
    if (buffers.writes.underWay) assert.throws(() => sink.write(null), { code: 'ERR_STREAM_NULL_VALUES' });
    charges = sweepAll();
  }
  assert.equal(charges[0]?.suspicion.site?.frame.fn, 'broadcast');
  undo.push(() => sink.destroy());
});

test('write buffers: detach while one is followed leaves Node as it was', () => {
  const methods = [Writable.prototype.write, Duplex.prototype.write];
  const { sweepAll, buffers, detach } = observedBuffers();
  const sink = new Writable({ write: () => {} });
  for (let i = 0; i < 24; i++) {
    broadcast(sink);
    sweepAll();
  }
  assert.equal(buffers.writes.underWay, true);
  assert.notDeepEqual([Writable.prototype.write, Duplex.prototype.write], methods);
  detach();
  assert.deepEqual([Writable.prototype.write, Duplex.prototype.write], methods);
});
