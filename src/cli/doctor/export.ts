import { exportPlan, printableUrl, type Sink } from '../../sdk/export-targets.ts';
import type { Check } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const answerWithinMs = 5_000;

const signals = [
  { title: 'Export metrics', name: 'METRICS', empty: '{"resourceMetrics":[]}' },
  { title: 'Export findings', name: 'LOGS', empty: '{"resourceLogs":[]}' },
] as const;

type Signal = (typeof signals)[number];

/** Whether what outlive exports arrives: an OTLP request without content, to each endpoint. */
export async function exportChecks(env: Env): Promise<Check[]> {
  const { metrics, logs, notes } = exportPlan(env);
  const checks = await Promise.all(
    signals.map((signal) => exportCheck(signal, signal.name === 'METRICS' ? metrics : logs, env)),
  );
  return [...checks, ...notes.map((seen): Check => ({ title: 'Export', status: 'warning', seen }))];
}

async function exportCheck(signal: Signal, sink: Sink, env: Env): Promise<Check> {
  const { title } = signal;
  if (sink.to === 'console') return { title, status: 'ok', seen: 'to the console' };
  if (sink.to === 'nowhere') return checkOfNowhere(title, sink.why);
  const shown = printableUrl(sink.url);
  const headers = headersOf(signal.name, env);
  if (headers === undefined)
    return {
      title,
      status: 'failed',
      seen: 'OTEL_EXPORTER_OTLP_HEADERS cannot be read',
      remedy: 'It is `name=value,name=value`, percent-encoded.',
    };
  const problem = await problemOfPosting(signal, sink.url, headers);
  if (problem === undefined) return { title, status: 'ok', seen: `${shown} takes it` };
  return { title, status: 'failed', seen: `${shown}: ${problem}`, remedy: remedyOf(problem, sink.url) };
}

function checkOfNowhere(title: string, why: string): Check {
  if (/=(?:none|true)$/i.test(why)) return { title, status: 'skipped', seen: `off by ${why}` };
  const remedy = 'Without it findings stand on stderr only, unless the app has OpenTelemetry providers of its own.';
  return { title, status: 'warning', seen: `goes nowhere: ${why}`, remedy };
}

/** `undefined` where they are malformed: an error of `Headers` would quote the value. */
function headersOf(name: Signal['name'], env: Env): Headers | undefined {
  const lists = [env.OTEL_EXPORTER_OTLP_HEADERS, env[`OTEL_EXPORTER_OTLP_${name}_HEADERS`]];
  const headers = new Headers({ 'content-type': 'application/json' });
  try {
    for (const pair of lists.flatMap((list) => list?.split(',') ?? [])) {
      const [key = '', ...value] = pair.split('=');
      if (key.trim() !== '') headers.set(key.trim(), decodeURIComponent(value.join('=').trim()));
    }
    return headers;
  } catch {
    return undefined;
  }
}

async function problemOfPosting({ empty }: Signal, url: string, headers: Headers): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(url, { method: 'POST', body: empty, headers, signal });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status} ${response.statusText}`.trimEnd();
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${answerWithinMs / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}

function remedyOf(problem: string, url: string): string {
  if (/answered 40[13]/.test(problem)) return 'Set OTEL_EXPORTER_OTLP_HEADERS, e.g. `authorization=Bearer%20…`.';
  if (new URL(url).port === '4317') return 'Port 4317 is gRPC by custom, and outlive speaks OTLP/HTTP: try 4318.';
  return 'Is a collector with OTLP/HTTP there? Set OTEL_EXPORTER_OTLP_ENDPOINT.';
}
