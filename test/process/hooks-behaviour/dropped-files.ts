import { type FileHandle, open } from 'node:fs/promises';
import { files } from '../../../src/observe/hooks/files.ts';
import { collectGarbage, observed } from '../../unit/observe/observed.ts';

// From Node 26 on, the collection of an open FileHandle is an uncaught error.
process.on('uncaughtException', () => {});
process.on('warning', () => {});

async function lengthOf(handle: FileHandle): Promise<number> {
  return (await handle.stat()).size;
}

const sut = observed({ hooks: [files] });
for (let i = 0; i < 8; i++) await sut.inRequest('GET /file', async () => lengthOf(await open(import.meta.filename)));
sut.sweep();
await collectGarbage();
sut.sweep();
process.stdout.write(JSON.stringify(sut.suspicions()));
