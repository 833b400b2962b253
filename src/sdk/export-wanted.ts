/** Whether the environment names a place to export to. */
export const exportIsWanted = (env: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(env).some(
    ([name, value]) => /^OTEL_(EXPORTER_OTLP_.*ENDPOINT|(METRICS|LOGS)_EXPORTER)$/.test(name) && value !== 'none',
  );
