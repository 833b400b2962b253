import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { registerUrl } from '../outlive-package.ts';
import { canaryApp, canaryFileName, canaryLeakLine } from './canary-app.ts';
import type { Check } from './check.ts';
import { OtlpReceiver, type ReceivedFinding } from './otlp-receiver.ts';
import { outliveLinesOf, startCheck } from './outlive-lines.ts';

type Env = Readonly<Record<string, string | undefined>>;

const endsWithinMs = 5_000;

/** Plants a leak in an app of its own, with fast sweeps: it must come back over OTLP as a finding at its line. */
export async function* canaryCheck(env: Env, timeoutMs: number): AsyncGenerator<Check> {
  if (!existsSync(fileURLToPath(registerUrl))) {
    yield {
      title: 'Canary leak',
      status: 'failed',
      seen: 'outlive/register is missing',
      remedy: 'Install outlive again.',
    };
    return;
  }
  // outside outlive's own folder, whose code is never taken for the app's
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'outlive-doctor-')));
  const receiver = await OtlpReceiver.listening();
  try {
    writeFileSync(join(folder, canaryFileName), canaryApp);
    yield* checksOfRun(folder, receiver, canaryEnv(env, folder, receiver.url), timeoutMs);
  } finally {
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* checksOfRun(
  folder: string,
  receiver: OtlpReceiver,
  env: Env,
  timeoutMs: number,
): AsyncGenerator<Check> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', registerUrl, canaryFileName], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lines = outliveLinesOf(child);
  try {
    const finding = await findingFrom(receiver, child, timeoutMs);
    yield startCheck('Start', lines, bugRemedy);
    yield metricsCheck(receiver);
    yield leakCheck(finding, performance.now() - startedMs, receiver.findings, child.exitCode);
  } finally {
    await ended(child);
  }
}

/** Only what the user chose for the way outlive works is kept; where telemetry goes is checked apart from this. */
function canaryEnv(env: Env, folder: string, endpoint: string): Env {
  const kept = Object.entries(env).filter(([name]) => !/^(?:OTEL|OUTLIVE)_|^NODE_OPTIONS$/.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(env.OUTLIVE_CONTEXT === undefined ? {} : { OUTLIVE_CONTEXT: env.OUTLIVE_CONTEXT }),
    OUTLIVE_SWEEP_INTERVAL_MS: '50',
    OUTLIVE_APP_ROOT: folder,
    OTEL_SERVICE_NAME: 'outlive-doctor-canary',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    OTEL_BLRP_SCHEDULE_DELAY: '100',
  };
}

const isPlanted = (finding: ReceivedFinding): boolean =>
  finding['code.file.path'] === canaryFileName && Number(finding['code.line.number']) === canaryLeakLine;

async function findingFrom(
  receiver: OtlpReceiver,
  child: ChildProcess,
  timeoutMs: number,
): Promise<ReceivedFinding | undefined> {
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  receiver.onArrival = () => {
    if (receiver.findings.some(isPlanted) && receiver.metricNames.size > 0) resolve();
  };
  const stop = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([arrived, timeout, once(child, 'exit', { signal: stop.signal }).catch(() => {})]);
  stop.abort();
  return receiver.findings.find(isPlanted);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const killer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(killer);
}

function metricsCheck({ metricNames }: OtlpReceiver): Check {
  const own = [...metricNames].filter((name) => name.startsWith('outlive.')).length;
  const seen = `${own} of outlive's, ${metricNames.size - own} of the runtime`;
  return own > 0
    ? { title: 'Metrics', status: 'ok', seen }
    : { title: 'Metrics', status: 'failed', seen: 'none arrived from a small app', remedy: bugRemedy };
}

const bugRemedy = 'outlive does not work here: please report it with this output.';

function leakCheck(
  finding: ReceivedFinding | undefined,
  tookMs: number,
  all: readonly ReceivedFinding[],
  exitCode: number | null,
): Check {
  const title = 'Canary leak';
  const strays = all.filter((other) => !isPlanted(other)).map((other) => `also said: ${placeText(other)}`);
  if (finding === undefined) {
    const seen =
      exitCode === null ? `did not come back within ${seconds(tookMs)}` : `its app ended with exit code ${exitCode}`;
    return { title, status: 'failed', seen, more: strays, remedy: bugRemedy };
  }
  const seen = `came back after ${seconds(tookMs)}: ${placeText(finding)}`;
  return { title, status: strays.length > 0 ? 'warning' : 'ok', seen, more: strays };
}

const placeText = (finding: ReceivedFinding): string =>
  `${finding['outlive.finding.type']} at ${finding['code.file.path']}:${finding['code.line.number']}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
