/** Sweeps come fifty times as often as in production, and exports keep up: minutes become seconds, the rules stay the same. */
const hurried = {
  OUTLIVE_SWEEP_INTERVAL_MS: '200',
  // what is looked at from sweep to sweep is looked at fifty times as often, too
  OUTLIVE_CPU_BUDGET_MILLICORES: '250',
  OTEL_METRIC_EXPORT_INTERVAL: '5000',
  OTEL_METRIC_EXPORT_TIMEOUT: '4000',
  OTEL_BLRP_SCHEDULE_DELAY: '500',
};

/** The gateway's environment: the caller's, hurried, with the mock's addresses, and all exports to the demo's receiver. */
export function gatewayEnv({ leaks, dataDir, providersUrl, receiverUrl }) {
  const env = { ...hurried, OTEL_SERVICE_NAME: 'llm-gateway', ...process.env };
  delete env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
  delete env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT;
  return {
    ...env,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiverUrl,
    LEAK: leaks.join(','),
    LOG_LEVEL: 'info',
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: `${providersUrl}/v1`,
    OPENAI_API_KEY: 'mock',
    ANTHROPIC_BASE_URL: providersUrl,
    ANTHROPIC_API_KEY: 'mock',
  };
}
