// The load: a process of its own that keeps a fixed number of connections busy with one request each (closed loop).
import { connect, type Socket } from 'node:net';

export interface LoadOrder {
  readonly port: number;
  readonly request: string;
  readonly requests: number;
}
export interface LoadReport {
  readonly latenciesMs: number[];
}

const connectionCount = 32;
const headerEnd = '\r\n\r\n';
const lastChunk = '0\r\n\r\n';

/** One kept-alive connection with at most one request under way. */
class Connection {
  readonly #socket: Socket;
  readonly #request: string;
  #headers = '';
  #expectedBytes = -1;
  #sentMs = 0;
  #answered: (latencyMs: number) => void = () => {};
  readonly #failed: (error: Error) => void;

  constructor(port: number, request: string, failed: (error: Error) => void) {
    this.#request = request;
    this.#failed = failed;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', failed);
  }

  get usable(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded;
  }

  ask(answered: (latencyMs: number) => void): void {
    this.#answered = answered;
    this.#headers = '';
    this.#expectedBytes = -1;
    this.#sentMs = performance.now();
    this.#socket.write(this.#request, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let body = chunk;
    if (this.#expectedBytes === -1) {
      this.#headers += chunk.toString('latin1');
      const end = this.#headers.indexOf(headerEnd);
      if (end === -1) return;
      if (!this.#headers.startsWith('HTTP/1.1 200')) return this.#failed(new Error(this.#headers.slice(0, 500)));
      body = Buffer.from(this.#headers.slice(end + headerEnd.length), 'latin1');
      const length = /^content-length: (\d+)/im.exec(this.#headers.slice(0, end))?.[1];
      this.#expectedBytes = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
    }
    this.#expectedBytes -= body.length;
    const chunkedEnd =
      this.#expectedBytes === Number.POSITIVE_INFINITY &&
      body.subarray(-lastChunk.length).equals(Buffer.from(lastChunk));
    if (this.#expectedBytes === 0 || chunkedEnd) this.#answered(performance.now() - this.#sentMs);
  }
}

/** Connections stay open between orders, so that no order pays for another's set-up. */
const connectionsByPort = new Map<number, Connection[]>();

const connectionsTo = ({ port, request }: LoadOrder, failed: (error: Error) => void): Connection[] => {
  const known = connectionsByPort.get(port) ?? [];
  if (known.length > 0 && known.every(({ usable }) => usable)) return known;
  for (const connection of known) connection.close();
  const fresh = Array.from({ length: connectionCount }, () => new Connection(port, request, failed));
  connectionsByPort.set(port, fresh);
  return fresh;
};

const carriedOut = (order: LoadOrder): Promise<LoadReport> =>
  new Promise((resolve, reject) => {
    const latenciesMs: number[] = [];
    let left = order.requests;
    const askNext = (connection: Connection): void => {
      if (left === 0) return;
      left -= 1;
      connection.ask((latencyMs) => {
        latenciesMs.push(latencyMs);
        if (latenciesMs.length === order.requests) resolve({ latenciesMs });
        else askNext(connection);
      });
    };
    for (const connection of connectionsTo(order, reject)) askNext(connection);
  });

process.on('message', (order: LoadOrder) => {
  carriedOut(order).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
