// A request reads two files as streams through one async generator, under a timer that it clears.
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const file = process.env.BENCH_FILE;
/** Small enough for buffers that malloc reuses: at the default of 64 KB, page faults hide everything else. */
const options = { highWaterMark: 4096 };

async function* upperCased(...streams) {
  for (const stream of streams) {
    for await (const chunk of stream) yield chunk.toString('latin1').toUpperCase();
  }
}

async function answer(response) {
  const tooLate = setTimeout(() => response.destroy(), 30_000);
  response.setHeader('content-type', 'text/plain');
  await pipeline(Readable.from(upperCased(createReadStream(file, options), createReadStream(file, options))), response);
  clearTimeout(tooLate);
}

const server = http.createServer((_request, response) => void answer(response));
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
