import type { Attributes, Context, LogRecord } from '@opentelemetry/api';
import type { Finding } from '../detect/finding.ts';
import { attribute, findingEventName } from './names.ts';

/** What the event needs of `@opentelemetry/api`, which is loaded after the app's first line. */
export interface ContextApi {
  readonly ROOT_CONTEXT: Context;
  readonly trace: { setSpanContext(context: Context, spanContext: SpanContext): Context };
}
interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** A log record, its severity a number: API 1.9 has no `SeverityNumber`. */
export type FindingRecord = Omit<LogRecord, 'severityNumber'> & { readonly severityNumber: number };

/** What a `Logger` of any version can do. */
export interface FindingLogger {
  emit(record: FindingRecord): void;
}

/** OpenTelemetry's severity numbers. */
const severities = {
  info: { severityNumber: 9, severityText: 'INFO' },
  warn: { severityNumber: 13, severityText: 'WARN' },
  error: { severityNumber: 17, severityText: 'ERROR' },
};

/** A text of the app may be as long as it likes; what leaves the process may not. */
const maxTextLength = 1024;
const maxStackLength = 4096;

/**
 * @param body one line that a person can act on
 * @param api without it the event has no trace context
 */
export function findingRecord(finding: Finding, body: string, api: ContextApi | undefined): FindingRecord {
  return {
    eventName: findingEventName,
    timestamp: finding.lastSeenMs,
    ...severityOf(finding),
    body: bounded(body, maxTextLength),
    attributes: findingAttributes(finding),
    ...(api === undefined ? {} : { context: contextOf(finding, api) }),
  };
}

function severityOf({ certainty, severity }: Finding): Pick<FindingRecord, 'severityNumber' | 'severityText'> {
  if (severity === 'info') return severities.info;
  return certainty === 'certain' || severity === 'critical' ? severities.error : severities.warn;
}

/** Never the span that is active by chance: that of an example, or none. */
function contextOf({ trace }: Finding, api: ContextApi): Context {
  return trace === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, trace);
}

/** A finding by the names that leave the process, its texts bounded. */
export function findingAttributes(finding: Finding): Attributes {
  const { rate, place } = finding;
  return defined({
    [attribute.findingId]: finding.id,
    [attribute.findingType]: finding.type,
    [attribute.findingDetector]: finding.detector,
    [attribute.findingCertainty]: finding.certainty,
    [attribute.findingSeverity]: finding.severity,
    [attribute.findingState]: finding.state,
    [attribute.findingCount]: finding.count,
    [attribute.findingBytes]: finding.bytes,
    [attribute.findingSockets]: finding.sockets,
    [attribute.findingAge]: Math.max(finding.oldestAgeMs, 0) / 1000,
    [attribute.findingRateValue]: rate?.value,
    [attribute.findingRateLow]: rate?.low,
    [attribute.findingRateHigh]: rate?.high,
    [attribute.findingPattern]: finding.pattern,
    [attribute.findingAdvice]: finding.advice,
    [attribute.findingRetainedBy]: finding.retainedBy,
    [attribute.findingPartOf]: finding.partOf?.id,
    [attribute.findingClosedAs]: finding.closedAs,
    [attribute.kind]: finding.kind,
    [attribute.resourceType]: finding.resourceType,
    [attribute.scopeName]: finding.scopeName,
    [attribute.filePath]: place?.file,
    [attribute.lineNumber]: place?.line,
    [attribute.columnNumber]: place?.column,
    [attribute.functionName]: place?.fn === '' ? undefined : place?.fn,
    [attribute.stacktrace]: finding.stack === undefined ? undefined : bounded(finding.stack, maxStackLength),
  });
}

/** Only what is known, and no number that a backend cannot store. */
function defined(attributes: Readonly<Record<string, string | number | undefined>>): Attributes {
  const known: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'number' ? Number.isFinite(value) : value !== undefined && value !== '') {
      known[name] = typeof value === 'string' && name !== attribute.stacktrace ? bounded(value, maxTextLength) : value;
    }
  }
  return known;
}

const bounded = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
