type Env = Readonly<Record<string, string | undefined>>;

/** The service as OpenTelemetry names it: by its variables, else by what the app's own providers say. */
export function serviceNameOf(env: Env, ofApp: unknown): string {
  const byVariable = env['OTEL_SERVICE_NAME']?.trim();
  if (byVariable !== undefined && byVariable !== '') return byVariable;
  return resourceAttributeOf('service.name', env) ?? (typeof ofApp === 'string' ? ofApp : 'unknown_service:node');
}

/** From `OTEL_RESOURCE_ATTRIBUTES`: `key=value,key=value`, the values percent-encoded. */
export function resourceAttributeOf(name: string, env: Env): string | undefined {
  const list = env['OTEL_RESOURCE_ATTRIBUTES'] ?? '';
  const pairs = list.split(',').map((pair) => pair.split('=', 2).map((part) => part.trim()));
  const value = pairs.find(([key]) => key === name)?.[1];
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
