const signalNames = { '/v1/metrics': 'METRICS', '/v1/logs': 'LOGS' };
const passedOn = (name) => !['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'].includes(name);
const maxUnderWay = 8;

/** Passes OTLP posts on, as they came, to the endpoints the standard variables name; `undefined` where they name none. */
export function otlpRelayFrom(env) {
  const endpointOf = (path) =>
    env[`OTEL_EXPORTER_OTLP_${signalNames[path]}_ENDPOINT`] ??
    (env.OTEL_EXPORTER_OTLP_ENDPOINT && `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '')}${path}`);
  const endpoints = Object.keys(signalNames).map(endpointOf).filter(Boolean);
  if (endpoints.length === 0) return undefined;

  const relay = { endpoints, sent: 0, failed: 0, lastError: undefined, send, idle };
  const underWay = new Set();
  return relay;

  function send(path, headers, body) {
    const endpoint = endpointOf(path);
    if (!endpoint) return;
    const post = underWay.size < maxUnderWay ? passOn(endpoint, headers, body) : failed('too many posts under way');
    underWay.add(post);
    void post.finally(() => underWay.delete(post));
  }

  async function passOn(endpoint, headers, body) {
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: Object.entries(headers).filter(([name]) => passedOn(name)),
        body,
        signal: AbortSignal.timeout(5_000),
      });
      await response.arrayBuffer();
      if (!response.ok) return failed(`${endpoint} answered ${response.status}`);
      relay.sent += 1;
    } catch (error) {
      return failed(`${endpoint}: ${error.cause?.message ?? error.message}`);
    }
  }

  async function failed(why) {
    relay.failed += 1;
    relay.lastError = why;
  }

  /** Settles when nothing is under way any more. */
  function idle() {
    return Promise.all(underWay);
  }
}
