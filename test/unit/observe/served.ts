import http from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import net from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A server on a free port of this machine; `close` closes it with all its connections. */
export async function served(server: Server & { closeAllConnections?: () => void }) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sockets,
    connect: (): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject);
      }),
    get: (path: string, options: http.RequestOptions = {}): Promise<Answer> => answered({ ...options, port, path }),
    close: async (): Promise<void> => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export function answered(options: http.RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject).end(body);
  });
}

/** Resolves once `holds` does, looked at after each turn of the event loop; fails after 5 s. */
export async function until(holds: () => boolean, what = 'it'): Promise<void> {
  const deadlineMs = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`${what} did not happen within 5 s`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
