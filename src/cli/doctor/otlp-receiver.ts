import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

/** A finding as it arrived: the attributes of its event. */
export type ReceivedFinding = Readonly<Record<string, string>>;

interface Attribute {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>>;
}

interface OtlpLogs {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly { readonly eventName?: string; readonly attributes?: readonly Attribute[] }[];
    }[];
  }[];
}

interface OtlpMetrics {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics?: readonly { readonly metrics?: readonly { readonly name: string }[] }[];
  }[];
}

/** Takes OTLP/HTTP with JSON on a port of this machine, as a collector would. */
export class OtlpReceiver {
  readonly #server: Server;
  readonly findings: ReceivedFinding[] = [];
  readonly metricNames = new Set<string>();
  /** Called when something arrived. */
  onArrival: () => void = () => {};

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request).then((status) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
      );
    });
  }

  static async listening(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await once(receiver.#server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage): Promise<number> {
    try {
      const isZipped = request.headers['content-encoding'] === 'gzip';
      const body: unknown = JSON.parse(await text(isZipped ? request.pipe(createGunzip()) : request));
      if (request.url === '/v1/logs') this.findings.push(...findingsIn(body as OtlpLogs));
      if (request.url === '/v1/metrics')
        for (const name of metricNamesIn(body as OtlpMetrics)) this.metricNames.add(name);
      this.onArrival();
      return 200;
    } catch {
      return 400;
    }
  }
}

const findingsIn = ({ resourceLogs = [] }: OtlpLogs): ReceivedFinding[] =>
  resourceLogs
    .flatMap(({ scopeLogs = [] }) => scopeLogs)
    .flatMap(({ logRecords = [] }) => logRecords)
    .filter(({ eventName }) => eventName === 'outlive.finding')
    .map(({ attributes = [] }) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value ?? {})[0])])),
    );

const metricNamesIn = ({ resourceMetrics = [] }: OtlpMetrics): string[] =>
  resourceMetrics
    .flatMap(({ scopeMetrics = [] }) => scopeMetrics)
    .flatMap(({ metrics = [] }) => metrics)
    .map(({ name }) => name);
