import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface AppOptions {
  /** Its file, from this folder. */
  readonly file: string;
  readonly service: string;
  readonly otlpUrl: string;
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface App {
  readonly child: ChildProcess;
  readonly output: string;
  stop(): Promise<void>;
}

const registerUrl = new URL('../../dist/src/register.js', import.meta.url).href;

/** An app of a test under the built outlive, its clock hurried as the gateway's is. */
export async function startApp({
  file,
  service,
  otlpUrl,
  nodeArgs = [],
  args = [],
  env = {},
}: AppOptions): Promise<App> {
  const ofNode = ['--disable-warning=ExperimentalWarning', '--expose-gc', ...nodeArgs, '--import', registerUrl];
  const child = spawn(process.execPath, [...ofNode, fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: {
      ...process.env,
      OTEL_SERVICE_NAME: service,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      OTEL_METRIC_EXPORT_TIMEOUT: '1000',
      OTEL_BLRP_SCHEDULE_DELAY: '200',
      OUTLIVE_SWEEP_INTERVAL_MS: '200',
      OUTLIVE_CPU_BUDGET_MILLICORES: '250',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-1_000_000)));
  }
  await once(child, 'spawn');
  return {
    child,
    get output() {
      return output;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(patience);
    },
  };
}

/** An app whose heap grows to more than eight tenths of its limit: what it has to say of that, the gateway has not. */
export const startHeapFiller = ({ otlpUrl, env = {} }: Pick<AppOptions, 'otlpUrl' | 'env'>): Promise<App> =>
  startApp({
    file: 'apps/heap-filler.mjs',
    service: 'heap-filler',
    otlpUrl,
    // the limit that V8 tells counts three times its young generation, so that is small
    nodeArgs: ['--max-old-space-size=150', '--max-semi-space-size=1'],
    env: {
      OUTLIVE_MEMORY_INTERVAL_MS: '500',
      OUTLIVE_MEMORY_BASELINE_MS: '3000',
      OUTLIVE_IGNORE: JSON.stringify([{ type: 'growing_collection', reason: 'the queue is told' }]),
      ...env,
    },
  });
