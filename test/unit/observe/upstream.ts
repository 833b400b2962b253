import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Upstream {
  readonly url: string;
  close(): void;
}

/** A server that answers `/small`, `/big` (more than any buffer takes) and `/endless` (one line, then nothing). */
export async function upstream(): Promise<Upstream> {
  const server = http.createServer((request, response) => {
    if (request.url === '/big') response.end(Buffer.alloc(4 << 20));
    else if (request.url === '/endless') response.write('one line\n');
    else response.end('small');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Until `condition` holds, a turn of the event loop at a time. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn > 2000) throw new Error('it never came true');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
