/** Where a signal goes when the app has no provider for it. */
export type Sink =
  | { readonly to: 'otlp'; readonly url: string }
  | { readonly to: 'console' }
  | { readonly to: 'nowhere'; readonly why: string };

export interface ExportPlan {
  readonly metrics: Sink;
  readonly logs: Sink;
  readonly metricIntervalMs: number;
  readonly logDelayMs: number;
  /** What the environment asked for and does not get, a line each. */
  readonly notes: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;
type Signal = 'METRICS' | 'LOGS';

const defaultMetricIntervalMs = 60_000;
const defaultLogDelayMs = 1000;
const defaultEndpoint = 'http://localhost:4318';

/**
 * What the `OTEL_*` variables say. outlive exports where it was told to, and only there: see
 * docs/decisions/0003-when-to-export.md.
 */
export function exportPlan(env: Env): ExportPlan {
  const notes: string[] = [];
  return {
    metrics: sinkOf('METRICS', env, notes),
    logs: sinkOf('LOGS', env, notes),
    metricIntervalMs: millisOf('OTEL_METRIC_EXPORT_INTERVAL', defaultMetricIntervalMs, env, notes),
    logDelayMs: millisOf('OTEL_BLRP_SCHEDULE_DELAY', defaultLogDelayMs, env, notes),
    notes: [...notes, ...protocolNotes(env)],
  };
}

function sinkOf(signal: Signal, env: Env, notes: string[]): Sink {
  if (textOf(env['OTEL_SDK_DISABLED'])?.toLowerCase() === 'true') return nowhere('OTEL_SDK_DISABLED=true');
  const variable = `OTEL_${signal}_EXPORTER`;
  const asked = (textOf(env[variable]) ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  if (asked.includes('none')) return nowhere(`${variable}=none`);
  if (asked.includes('otlp')) return otlpSink(signal, env, notes);
  if (asked.includes('console')) return { to: 'console' };
  if (asked[0] !== '') {
    notes.push(`${variable}=${env[variable]} is not spoken; outlive knows otlp, console and none`);
    return nowhere(`${variable}=${env[variable]}`);
  }
  return endpointOf(signal, env) === undefined
    ? nowhere('no OTEL_EXPORTER_OTLP_ENDPOINT')
    : otlpSink(signal, env, notes);
}

const nowhere = (why: string): Sink => ({ to: 'nowhere', why });

function otlpSink(signal: Signal, env: Env, notes: string[]): Sink {
  const { url, variable } = endpointOf(signal, env) ?? {
    url: `${defaultEndpoint}/v1/${signal.toLowerCase()}`,
    variable: '',
  };
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return { to: 'otlp', url };
  notes.push(`${variable} is no http or https URL`);
  return nowhere(`${variable} is no http or https URL`);
}

/** The variable of the signal is taken as it is, the common one is the base of both. */
function endpointOf(signal: Signal, env: Env): { readonly url: string; readonly variable: string } | undefined {
  const own = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`;
  const ownUrl = textOf(env[own]);
  if (ownUrl !== undefined) return { url: ownUrl, variable: own };
  const common = 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const base = textOf(env[common]);
  if (base === undefined) return undefined;
  return { url: `${base.replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`, variable: common };
}

/** Every collector that takes `http/protobuf` takes `http/json` at the same place; of gRPC that is not so. */
function protocolNotes(env: Env): string[] {
  const variables = ['METRICS_', 'LOGS_', ''].map((signal) => `OTEL_EXPORTER_OTLP_${signal}PROTOCOL`);
  const asked = variables.find((variable) => textOf(env[variable]) === 'grpc');
  return asked === undefined
    ? []
    : [`${asked}=grpc: outlive sends http/json; name a port for that in OTEL_EXPORTER_OTLP_{METRICS,LOGS}_ENDPOINT`];
}

function millisOf(variable: string, byDefault: number, env: Env, notes: string[]): number {
  const text = textOf(env[variable]);
  if (text === undefined) return byDefault;
  const millis = Number(text);
  // Node turns what is longer than a timer may be into 1 ms
  if (Number.isFinite(millis) && millis >= 1 && millis < 2 ** 31) return millis;
  notes.push(`${variable}=${text} is no number of milliseconds; ${byDefault} is used`);
  return byDefault;
}

/** An empty variable is an unset one. */
const textOf = (value: string | undefined): string | undefined =>
  (value?.trim() ?? '') === '' ? undefined : value?.trim();

/** An endpoint as it may be printed: its user, password and query may be secrets. */
export function printableUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an invalid URL' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
