/** A service with one leak and one healthy route. Its own requests are its load; it ends with its parent. */
export const canaryApp = `// Written by \`outlive doctor\`: a service that leaks a file stream on one of its two routes.
import { createReadStream } from 'node:fs';
import { createServer, get } from 'node:http';

const file = new URL(import.meta.url);
const kept = [];

const server = createServer((request, response) => {
  if (request.url === '/leak') {
    kept.push(createReadStream(file)); // the leak
    response.end();
  } else {
    createReadStream(file).pipe(response);
  }
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const call = (path) => get({ host: '127.0.0.1', port, path }, (response) => response.resume());
  setInterval(() => {
    if (kept.length < 500) call('/leak');
    call('/healthy');
  }, 50);
});

process.on('disconnect', () => process.exit());
`;

export const canaryFileName = 'canary.mjs';

/** 1-based. */
export const canaryLeakLine = canaryApp.split('\n').findIndex((line) => line.endsWith('// the leak')) + 1;
