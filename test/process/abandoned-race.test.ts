import assert from 'node:assert/strict';
import { createReadStream, type ReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { streams } from '../../src/observe/hooks/streams.ts';
import { observed } from '../unit/observe/observed.ts';

const gc = globalThis.gc ?? assert.fail('run with --expose-gc');

/** Opens a file stream and shows it once its descriptor is there; nothing here holds it afterwards. */
function opened(use: (file: ReadStream) => void): Promise<void> {
  return new Promise((done) => {
    createReadStream(import.meta.filename, { highWaterMark: 64 }).once('open', function onOpen(this: ReadStream) {
      use(this);
      setImmediate(done);
    });
  });
}

test('abandoned: a file stream that ends and is collected between two looks is released, not a finding', async () => {
  const host = observed({ hooks: [streams] });
  await opened((file) => {
    host.sweep();
    file.destroy();
  });
  for (let i = 0; i < 20 && host.ledger.survivors.size > 0; i++) {
    gc();
    await delay(5);
    host.sweep();
  }
  const tally = host.ledger.tallyOf('stream');
  const origins = host.ledger.types.flatMap((type) => [...type.origins]);
  host.detach();
  assert.equal(host.ledger.survivors.size, 0);
  assert.deepEqual({ released: tally.released, abandoned: tally.abandoned }, { released: 1, abandoned: 0 });
  assert.equal(
    origins.reduce((n, { abandonedNative }) => n + abandonedNative, 0),
    0,
  );
});

test('abandoned: a file stream that is dropped with its descriptor open is proof', async () => {
  const host = observed({ hooks: [streams] });
  await opened(() => host.sweep());
  for (let i = 0; i < 50 && host.ledger.survivors.size > 0; i++) {
    gc();
    await delay(5);
    host.sweep();
  }
  const origins = host.ledger.types.flatMap((type) => [...type.origins]);
  host.detach();
  assert.equal(
    origins.reduce((n, { abandonedNative }) => n + abandonedNative, 0),
    1,
  );
});
