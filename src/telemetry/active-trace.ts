import { registeredContext } from './otel-registry.ts';

interface SpanLike {
  spanContext?(): { traceId?: unknown; spanId?: unknown; traceFlags?: unknown };
}

/** Where every copy of the API keeps the span in a context: `createContextKey` is `Symbol.for` of its description. */
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
const invalidTraceId = '0'.repeat(32);

/** The app's span around the current code, whatever copy of the API made it; `undefined` without one. */
export function activeTrace(): { traceId: string; spanId: string; traceFlags: number } | undefined {
  const span = registeredContext()?.active().getValue(spanKey) as SpanLike | undefined;
  if (typeof span?.spanContext !== 'function') return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (typeof traceId !== 'string' || typeof spanId !== 'string' || traceId === invalidTraceId) return undefined;
  return { traceId, spanId, traceFlags: typeof traceFlags === 'number' ? traceFlags : 0 };
}
