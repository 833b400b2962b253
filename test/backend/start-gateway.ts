import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}
interface Processes {
  startProviders(): Promise<Served>;
  startGateway(options: { env: NodeJS.ProcessEnv; onStderr: (line: string) => void }): Promise<Served>;
  startLoad(url: string, onMessage: (message: LoadMessage) => void): { child: ChildProcess };
  stop(child: ChildProcess): Promise<void>;
}
export interface LoadMessage {
  readonly error?: string;
  readonly counts?: { readonly requests: number; readonly failed: number };
}

const demo = (file: string) => import(new URL(`../../examples/llm-gateway/demo/${file}`, import.meta.url).href);
const { startGateway: spawnGateway, startLoad, startProviders, stop }: Processes = await demo('processes.mjs');
const { gatewayEnv }: { gatewayEnv: (options: object) => NodeJS.ProcessEnv } = await demo('gateway-env.mjs');
const { leakNames }: { leakNames: readonly string[] } = await import(
  new URL('../../examples/llm-gateway/gateway/leaks.mjs', import.meta.url).href
);

export interface GatewayOptions {
  readonly folder: string;
  /** Where its telemetry goes. */
  readonly otlpUrl: string;
  readonly leaking: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Gateway {
  readonly stderr: readonly string[];
  readonly load: { requests: number; failed: number };
  stop(): Promise<void>;
}

/** The example gateway under outlive and under load, as `npm start` runs it, with a minute's export interval a second long. */
export async function startGateway({ folder, otlpUrl, leaking, env: more }: GatewayOptions): Promise<Gateway> {
  const providers = await startProviders();
  const stderr: string[] = [];
  const load = { requests: 0, failed: 0 };
  const env = {
    ...gatewayEnv({
      leaks: leaking ? leakNames : [],
      dataDir: mkdtempSync(join(folder, 'gateway-')),
      providersUrl: providers.url,
      receiverUrl: otlpUrl,
    }),
    OTEL_SERVICE_NAME: 'llm-gateway',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    ...more,
  };
  const gateway = await spawnGateway({ env, onStderr: (line) => stderr.push(line) });
  const clients = startLoad(gateway.url, ({ counts }) => Object.assign(load, counts));
  return {
    stderr,
    load,
    async stop() {
      for (const child of [clients.child, gateway.child, providers.child]) await stop(child);
    },
  };
}
