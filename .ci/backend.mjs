// `npm run backend`: builds or finds Collector, Prometheus, Alertmanager and Loki, starts them on loopback with what is
// in deploy/ and says where they are, until Ctrl-C.
import { once } from 'node:events';
import { startBackends } from '../test/backend/backends.ts';
import { buildPrograms } from '../test/backend/build.ts';

const why = await buildPrograms({ boundMs: 3_600_000, say: (line) => console.error(`backend: ${line}`) });
if (why !== undefined) {
  console.error(`backend: ${why}`);
  process.exit(1);
}
console.error('backend: starting (Loki takes a quarter of a minute) …');
const backends = await startBackends({ withLoki: true });
const { collector, prometheus, alertmanager, loki } = backends;
console.log(`
  Prometheus    ${prometheus.url}
  Alertmanager  ${alertmanager.url}
  Loki          ${loki.url}
  Collector     ${collector.otlpUrl}

  OTEL_EXPORTER_OTLP_ENDPOINT=${collector.otlpUrl} node --import outlive/register app.js
  OTEL_EXPORTER_OTLP_ENDPOINT=${collector.otlpUrl} npm start

The clock of the rules is hurried: a minute of theirs is a second here. Ctrl-C ends all of it.
`);
const listening = setInterval(() => undefined, 60_000);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
clearInterval(listening);
await backends.stop();
