import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttableLine {
  readonly url: string;
  /** From now on what is sent goes nowhere and nothing comes back: no refusal, no end. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

/** A network between the two ends of HTTP that can fail as networks do. */
export async function cuttableLine(targetUrl: string): Promise<CuttableLine> {
  const { hostname, port } = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    const far = keep(connect(Number(port), hostname));
    keep(near).on('data', (chunk) => isCut || far.write(chunk));
    far.on('data', (chunk) => isCut || near.write(chunk));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hangUp = () => sockets.forEach((socket) => void socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => void (isCut = true),
    mend() {
      isCut = false;
      // what was lost on the way is not made up for: both ends have to begin anew
      hangUp();
    },
    async stop() {
      hangUp();
      await once(server.close(), 'close');
    },
  };
}
