const attributeName = 'service.name';

/** The service as OpenTelemetry names it: by its variables, else by what the app's own providers say. */
export function serviceNameOf(env: Readonly<Record<string, string | undefined>>, ofApp: unknown): string {
  const byVariable = env['OTEL_SERVICE_NAME']?.trim();
  if (byVariable !== undefined && byVariable !== '') return byVariable;
  return (
    attributeOf(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '') ?? (typeof ofApp === 'string' ? ofApp : 'unknown_service:node')
  );
}

/** `key=value,key=value`, the values percent-encoded. */
function attributeOf(list: string): string | undefined {
  const pairs = list.split(',').map((pair) => pair.split('=', 2).map((part) => part.trim()));
  const value = pairs.find(([name]) => name === attributeName)?.[1];
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
