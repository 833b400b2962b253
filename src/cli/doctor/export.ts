import type { Check } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const defaultEndpoint = 'http://localhost:4318';
const answerWithinMs = 5_000;

const signals = [
  { title: 'Export metrics', name: 'METRICS', path: 'v1/metrics', empty: '{"resourceMetrics":[]}' },
  { title: 'Export findings', name: 'LOGS', path: 'v1/logs', empty: '{"resourceLogs":[]}' },
] as const;

type Signal = (typeof signals)[number];

/** Whether what outlive exports arrives: an OTLP request without content, to each endpoint. */
export const exportChecks = (env: Env): Promise<Check[]> =>
  Promise.all(signals.map((signal) => exportCheck(signal, env)));

async function exportCheck(signal: Signal, env: Env): Promise<Check> {
  const { title, name } = signal;
  const off = offBy(name, env);
  if (off !== undefined) return { title, status: 'skipped', seen: `off by ${off}` };
  const { url, from } = endpointOf(signal, env);
  const protocol = env[`OTEL_EXPORTER_OTLP_${name}_PROTOCOL`] ?? env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/json';
  if (!URL.canParse(url)) return { title, status: 'failed', seen: `${from} is no URL`, remedy: `Set ${from}.` };
  const shown = withoutSecrets(url);
  const problem = await problemOfPosting(signal, url, headersOf(name, env));
  const more = protocol.startsWith('http') ? [] : [`OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}: outlive speaks http only`];
  if (problem === undefined)
    return { title, status: more.length > 0 ? 'warning' : 'ok', seen: `${shown} takes it`, more };
  const seen = `${shown}: ${problem}`;
  if (from !== undefined) return { title, status: 'failed', seen, more, remedy: remedyOf(problem, url, from) };
  return { title, status: 'warning', seen, remedy: 'Findings still stand on stderr. Set OTEL_EXPORTER_OTLP_ENDPOINT.' };
}

function offBy(name: Signal['name'], env: Env): string | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return 'OTEL_SDK_DISABLED';
  return env[`OTEL_${name}_EXPORTER`] === 'none' ? `OTEL_${name}_EXPORTER=none` : undefined;
}

/** By the OTLP exporter specification: an endpoint of a signal is taken as it is, the common one has a path added. */
function endpointOf({ name, path }: Signal, env: Env): { url: string; from: string | undefined } {
  const own = env[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`];
  if (own) return { url: own, from: `OTEL_EXPORTER_OTLP_${name}_ENDPOINT` };
  const common = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = `${(common || defaultEndpoint).replace(/\/$/, '')}/${path}`;
  return { url, from: common ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : undefined };
}

function headersOf(name: Signal['name'], env: Env): Headers {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const list of [env.OTEL_EXPORTER_OTLP_HEADERS, env[`OTEL_EXPORTER_OTLP_${name}_HEADERS`]]) {
    for (const pair of list?.split(',') ?? []) {
      const [key = '', ...value] = pair.split('=');
      if (key.trim() !== '') headers.set(key.trim(), decodeURIComponent(value.join('=').trim()));
    }
  }
  return headers;
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

function remedyOf(problem: string, url: string, from: string): string {
  if (/answered 40[13]/.test(problem)) return 'Set OTEL_EXPORTER_OTLP_HEADERS, e.g. `authorization=Bearer%20…`.';
  if (new URL(url).port === '4317')
    return `Port 4317 is gRPC by custom, and outlive speaks OTLP/HTTP: try 4318 in ${from}.`;
  return `Is a collector with OTLP/HTTP there? Set ${from}.`;
}

function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
