import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open, opendir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { clients } from '../../../../src/observe/hooks/clients.ts';
import { files } from '../../../../src/observe/hooks/files.ts';
import { streams } from '../../../../src/observe/hooks/streams.ts';
import { collectGarbage, observed } from '../observed.ts';

const directory = mkdtempSync(join(tmpdir(), 'outlive-files-'));
const file = join(directory, 'file.txt');
await writeFile(file, 'text');
after(() => rmSync(directory, { recursive: true }));

const dirShape = () => Object.entries(Object.getOwnPropertyDescriptors(fs.Dir.prototype));

type Sut = ReturnType<typeof observed>;

async function withFiles(body: (sut: Sut) => Promise<void>): Promise<void> {
  const sut = observed({ hooks: [streams, clients, files] });
  try {
    await body(sut);
  } finally {
    sut.detach();
  }
}

async function requestsOver(sut: Sut, rounds: number, handler: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sut.inRequest('GET /file', handler);
    sut.sweep(8);
  }
}

suite('files hook', () => {
  test('a file handle that its request leaves open is accused at its line, and resolved when it is closed', () =>
    withFiles(async (sut) => {
      const kept: FileHandle[] = [];
      await requestsOver(sut, 48, async () => {
        const handle = await open(file);
        kept.push(handle);
        await handle.readFile();
      });
      const [suspicion, ...others] = sut.suspicions();
      assert.equal(suspicion?.type, 'unclosed_handle');
      assert.equal(suspicion?.resourceType, 'fs.FileHandle');
      assert.match(suspicion?.site?.frame.file ?? '', /files\.test\.ts$/);
      assert.equal(others.length, 0);
      for (const handle of kept) await handle.close();
      sut.sweep();
      assert.deepEqual(sut.suspicions(), []);
      assert.equal(sut.tally('file').open, 0);
    }));

  test('a directory that is read and not closed is accused', () =>
    withFiles(async (sut) => {
      const kept: fs.Dir[] = [];
      await requestsOver(sut, 48, async () => {
        const dir = await opendir(directory);
        kept.push(dir);
        await dir.read();
      });
      const [suspicion] = sut.suspicions();
      assert.equal(suspicion?.resourceType, 'fs.Dir');
      assert.match(suspicion?.site?.frame.file ?? '', /files\.test\.ts$/);
      for (const dir of kept) await dir.close();
      sut.sweep();
      assert.equal(sut.tally('file').open, 0);
    }));

  test('what is closed, disposed of, iterated or handed to a stream is silent, however it is kept', () =>
    withFiles(async (sut) => {
      const kept: unknown[] = [];
      await requestsOver(sut, 28, async () => {
        const closed = await open(file);
        await closed.close();
        const streamed = await open(file);
        for await (const _ of streamed.createReadStream());
        const lines = await open(file);
        for await (const _ of lines.readLines()) break;
        const iterated = await opendir(directory);
        for await (const _ of iterated) break;
        const synced = fs.opendirSync(directory);
        synced.readSync();
        synced.closeSync();
        kept.push(closed, streamed, lines, iterated, synced);
      });
      assert.deepEqual(sut.suspicions(), []);
      assert.ok(sut.tally('file').opened >= 14 * 4);
      assert.equal(sut.tally('file').open, 0);
    }));

  test('what is closed after a look and collected before the next was not abandoned', () =>
    withFiles(async (sut) => {
      const closeLater = await sut.inRequest('GET /file', async () => {
        const [handle, dir] = [await open(file), await opendir(directory)];
        await dir.read();
        return () => Promise.all([handle.close(), dir.close()]);
      });
      sut.sweep(2);
      await closeLater();
      await collectGarbage();
      sut.sweep();
      assert.equal(sut.tally('file').abandoned, 0);
      assert.equal(sut.tally('file').released, 2);
    }));

  test('a handle that is used on after its request is in use', () =>
    withFiles(async (sut) => {
      const kept: FileHandle[] = [];
      for (let round = 0; round < 80; round++) {
        if (round < 10) await sut.inRequest('GET /file', async () => void kept.push(await open(file)));
        for (const handle of kept) await handle.read(Buffer.alloc(1), 0, 1, 0);
        sut.sweep();
      }
      assert.deepEqual(sut.suspicions(), []);
      for (const handle of kept) await handle.close();
    }));

  test('a handle is held by nobody, not even until the next sweep', () =>
    withFiles(async (sut) => {
      const handle = await sut.inRequest('GET /file', async () => {
        const opened = await open(file);
        await opened.close();
        return new WeakRef(opened);
      });
      await collectGarbage();
      assert.equal(handle.deref(), undefined);
    }));

  test('detach puts FileHandle and Dir back', async () => {
    const handle = await open(file);
    const prototype = Object.getPrototypeOf(handle) as object;
    const handleShape = () => Object.entries(Object.getOwnPropertyDescriptors(prototype));
    const before = [handleShape(), dirShape()];
    await withFiles(async () => {
      await (await open(file)).close();
      assert.notDeepEqual(handleShape(), before[0]);
    });
    assert.deepEqual([handleShape(), dirShape()], before);
    await handle.close();
  });
});
