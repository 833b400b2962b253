// Serves its own requests and leaks what it is told to, by a line of its own for each leak. It keeps a record of all that
// outlive tells of it, to be compared with what has arrived elsewhere.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { onFinding } from 'outlive';

const told = [];
onFinding(({ id, state, lastSeenMs }) => told.push({ id, state, timeMs: Math.round(lastSeenMs) }));

/** One request in so many leaks, up to a bound for the sake of its file descriptors: a minute's worth and more. */
const every = 3;
const maxForgotten = 900;
const forgotten = { first: [], second: [] };
const leaks = {
  first: () => createReadStream(import.meta.filename),
  second: () => createReadStream(import.meta.filename),
};

const active = new Set();
let served = 0;
let failed = 0;
const server = createServer((_request, response) => {
  for (const name of served % every === 0 ? active : []) {
    if (forgotten[name].length < maxForgotten) forgotten[name].push(leaks[name]());
  }
  response.end('done', () => served++);
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

let atWork = true;
process.on('message', ({ leak, mend, rest }) => {
  if (leak !== undefined) active.add(leak);
  if (mend !== undefined) {
    active.delete(mend);
    for (const stream of forgotten[mend].splice(0)) stream.destroy();
  }
  if (rest !== undefined) atWork = !rest;
  process.send({ told, served, failed });
});
process.once('disconnect', () => process.exit());

const url = `http://127.0.0.1:${server.address().port}/`;
for (;;) {
  if (atWork) {
    await fetch(url).then(
      (response) => response.text(),
      () => failed++,
    );
  }
  await delay(25);
}
