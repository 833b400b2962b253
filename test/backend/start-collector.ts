import { join } from 'node:path';
import { deployFolder } from './deployed.ts';
import { freePorts } from './free-port.ts';
import { ProgramProcess } from './program-process.ts';

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly otlpUrl: string;
  /** What Prometheus scrapes, as host and port. */
  readonly scrapeTarget: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it, by `SIGKILL` as a crash does, and starts another at the same addresses and with the same disk. */
  restart(signal: 'SIGTERM' | 'SIGKILL', whileDown?: () => Promise<void>): Promise<void>;
}

export interface CollectorOptions {
  /** A folder of this test's own. */
  readonly folder: string;
  readonly findingsUrl: string;
  /** Events that wait at most for what takes findings. */
  readonly maxQueued?: number;
}

/** The Collector with `deploy/collector/collector.yaml` as it stands: its addresses and bounds are the environment's. */
export async function startCollector({ folder, findingsUrl, maxQueued }: CollectorOptions): Promise<Collector> {
  const [otlpHttp, otlpGrpc, scrape] = await freePorts(3);
  const scrapeTarget = `127.0.0.1:${scrape}`;
  const start = () =>
    ProgramProcess.start({
      binary: 'collector',
      args: ['--config', join(deployFolder, 'collector/collector.yaml')],
      env: {
        OTLP_HTTP_LISTEN: `127.0.0.1:${otlpHttp}`,
        OTLP_GRPC_LISTEN: `127.0.0.1:${otlpGrpc}`,
        PROMETHEUS_LISTEN: scrapeTarget,
        FINDINGS_ENDPOINT: findingsUrl,
        FINDINGS_QUEUE: join(folder, 'findings'),
        ...(maxQueued === undefined ? {} : { FINDINGS_QUEUE_EVENTS: String(maxQueued) }),
        BATCH_TIMEOUT: '100ms',
        METRIC_EXPIRATION: '5s',
        RETRY_INITIAL: '200ms',
        RETRY_MAX: '1s',
      },
      readyUrl: `http://${scrapeTarget}/metrics`,
    });
  let running = await start();
  return {
    otlpUrl: `http://127.0.0.1:${otlpHttp}`,
    scrapeTarget,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(),
    async restart(signal, whileDown) {
      await running.stop(signal);
      await whileDown?.();
      running = await start();
    },
  };
}
