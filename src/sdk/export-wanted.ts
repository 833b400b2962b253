/** Whether the environment names a place to export to. */
export const exportIsWanted = (env: Readonly<Record<string, string | undefined>>): boolean =>
  Object.keys(env).some((name) => /^OTEL_(EXPORTER_OTLP_.*ENDPOINT|(METRICS|LOGS)_EXPORTER)$/.test(name));
