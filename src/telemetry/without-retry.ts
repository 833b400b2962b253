/**
 * Takes the retries out of one of OpenTelemetry's OTLP exporters. Between two attempts they wait on a timer that holds
 * the process open, up to 10 s where a collector is down; and there is nothing to be gained: metrics are running totals,
 * log records are kept for the next export. The SDK (0.301) has no option for it, so this looks inside, and changes
 * nothing where it does not find what it knows.
 */
export function withoutRetry<Exporter extends object>(exporter: Exporter): Exporter {
  const delegate = objectIn(exporter, '_delegate');
  const plain = objectIn(objectIn(delegate, '_transport'), '_transport');
  if (delegate !== undefined && typeof Reflect.get(plain ?? {}, 'send') === 'function') {
    Reflect.set(delegate, '_transport', plain);
  }
  return exporter;
}

function objectIn(owner: object | undefined, key: string): object | undefined {
  const value: unknown = owner === undefined ? undefined : Reflect.get(owner, key);
  return typeof value === 'object' && value !== null ? value : undefined;
}
