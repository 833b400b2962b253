import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';

type Attributes = Readonly<Record<string, unknown>>;

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly scope: string;
  readonly resource: Attributes;
  readonly type: 'sum' | 'gauge' | 'histogram';
  readonly monotonic: boolean;
  /** `undefined` of a gauge. */
  readonly temporality: 'delta' | 'cumulative' | undefined;
  readonly points: readonly { readonly attributes: Attributes; readonly value: number }[];
}

export interface ReceivedRecord {
  readonly eventName: string | undefined;
  readonly severityText: string | undefined;
  readonly body: unknown;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly scope: string;
  readonly resource: Attributes;
  readonly attributes: Attributes;
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** How the receiver treats a request that has come in whole. */
export type Manner = (request: IncomingMessage, response: ServerResponse) => void;

const takes: Manner = (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{}');
};

/** An OTLP/HTTP collector for JSON, on a port of its own, that remembers what came; closed when the test is over. */
export async function otlpReceiver(test: TestContext, manner: Manner = takes) {
  const requests: ReceivedRequest[] = [];
  const metrics: ReceivedMetric[] = [];
  const records: ReceivedRecord[] = [];
  const spans: { readonly name: string; readonly attributes: Attributes }[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const sent = Buffer.concat(parts);
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const body = JSON.parse(text.toString()) as OtlpBody;
      requests.push({ path: request.url ?? '', headers: request.headers });
      metrics.push(...metricsOf(body));
      records.push(...recordsOf(body));
      spans.push(...spansOf(body));
      manner(request, response);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    metrics,
    records,
    spans,
    /** Resolves as soon as what has come satisfies the test. */
    until: (satisfied: () => boolean, withinMs = 20_000): Promise<void> =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => settle(() => reject(new Error('the receiver did not get it in time'))),
          withinMs,
        );
        const look = (): void => {
          if (satisfied()) settle(resolve);
        };
        const settle = (end: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          end();
        };
        waiting.add(look);
        look();
      }),
  };
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
}
type KeyValues = readonly { readonly key: string; readonly value: OtlpValue }[];
interface OtlpPoint {
  readonly attributes?: KeyValues;
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly sum?: number;
}
interface OtlpData {
  readonly dataPoints: readonly OtlpPoint[];
  readonly isMonotonic?: boolean;
  /** 1 is delta, 2 cumulative. */
  readonly aggregationTemporality?: 1 | 2;
}
interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: OtlpData;
  readonly gauge?: OtlpData;
  readonly histogram?: OtlpData;
}
interface Scoped<T> {
  readonly scope?: { readonly name: string };
  readonly metrics?: readonly T[];
  readonly logRecords?: readonly T[];
  readonly spans?: readonly T[];
}
interface OtlpRecord {
  readonly eventName?: string;
  readonly severityText?: string;
  readonly body?: OtlpValue;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: KeyValues;
}
interface WithResource {
  readonly resource?: { readonly attributes?: KeyValues };
}
interface OtlpBody {
  readonly resourceMetrics?: readonly (WithResource & { readonly scopeMetrics?: readonly Scoped<OtlpMetric>[] })[];
  readonly resourceLogs?: readonly (WithResource & { readonly scopeLogs?: readonly Scoped<OtlpRecord>[] })[];
  readonly resourceSpans?: readonly (WithResource & {
    readonly scopeSpans?: readonly Scoped<{ readonly name: string; readonly attributes?: KeyValues }>[];
  })[];
}

function valueOf(value: OtlpValue | undefined): unknown {
  if (value?.intValue !== undefined) return Number(value.intValue);
  if (value?.arrayValue !== undefined) return value.arrayValue.values?.map(valueOf) ?? [];
  return value?.stringValue ?? value?.doubleValue ?? value?.boolValue;
}

const attributesOf = (pairs: KeyValues = []): Attributes =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));

const temporalities = [undefined, 'delta', 'cumulative'] as const;

function* metricsOf({ resourceMetrics = [] }: OtlpBody): Iterable<ReceivedMetric> {
  for (const { resource, scopeMetrics = [] } of resourceMetrics) {
    for (const { scope, metrics = [] } of scopeMetrics) {
      for (const { name, unit, sum, gauge, histogram } of metrics) {
        yield {
          name,
          unit,
          scope: scope?.name ?? '',
          resource: attributesOf(resource?.attributes),
          type: sum !== undefined ? 'sum' : gauge !== undefined ? 'gauge' : 'histogram',
          monotonic: sum?.isMonotonic ?? false,
          temporality: temporalities[(sum ?? histogram)?.aggregationTemporality ?? 0],
          points: ((sum ?? gauge ?? histogram)?.dataPoints ?? []).map((point) => ({
            attributes: attributesOf(point.attributes),
            value: point.asDouble ?? Number(point.asInt ?? point.sum ?? Number.NaN),
          })),
        };
      }
    }
  }
}

function* recordsOf({ resourceLogs = [] }: OtlpBody): Iterable<ReceivedRecord> {
  for (const { resource, scopeLogs = [] } of resourceLogs) {
    for (const { scope, logRecords = [] } of scopeLogs) {
      for (const { eventName, severityText, body, traceId, spanId, attributes } of logRecords) {
        yield {
          eventName,
          severityText,
          body: valueOf(body),
          traceId: traceId === '' ? undefined : traceId,
          spanId: spanId === '' ? undefined : spanId,
          scope: scope?.name ?? '',
          resource: attributesOf(resource?.attributes),
          attributes: attributesOf(attributes),
        };
      }
    }
  }
}

function* spansOf({
  resourceSpans = [],
}: OtlpBody): Iterable<{ readonly name: string; readonly attributes: Attributes }> {
  for (const { scopeSpans = [] } of resourceSpans) {
    for (const { spans = [] } of scopeSpans) {
      for (const { name, attributes } of spans) yield { name, attributes: attributesOf(attributes) };
    }
  }
}
