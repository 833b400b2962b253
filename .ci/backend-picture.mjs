// `npm run backend:picture`: draws panels of the dashboards from what a real Prometheus answers, for the README. The example
// gateway with its leaks and a process that fills its heap run for 80 s, then the leaks are mended and the heap let go.
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startBackends } from '../test/backend/backends.ts';
import { buildPrograms } from '../test/backend/build.ts';
import { startHeapFiller } from '../test/backend/start-app.ts';
import { startGateway } from '../test/backend/start-gateway.ts';
import { drawn } from './backend-picture/draw.ts';
import { picturePanels } from './backend-picture/panels.ts';
import { seriesOf } from './backend-picture/series.ts';

const file = new URL('../docs/dashboards.svg', import.meta.url);
const leakingMs = 80_000;
const mendedMs = 30_000;

const why = await buildPrograms({ boundMs: 3_600_000, say: (line) => console.error(`backend: ${line}`) });
if (why !== undefined) {
  console.error(`backend: ${why}`);
  process.exit(1);
}
const backends = await startBackends({ withLoki: false });
try {
  const { folder, collector, prometheus } = backends;
  const otlpUrl = collector.otlpUrl;
  const fromS = Math.ceil(Date.now() / 1000);
  const leaking = await startGateway({ folder, otlpUrl, leaking: true });
  const filler = await startHeapFiller({ otlpUrl });
  console.error(`backend: the gateway leaks for ${leakingMs / 1000} s …`);
  await delay(leakingMs);
  filler.child.send('let go');
  await leaking.stop();
  const mended = await startGateway({ folder, otlpUrl, leaking: false });
  console.error(`backend: … and is mended for ${mendedMs / 1000} s`);
  await delay(mendedMs);
  const span = { fromS, toS: Math.floor(Date.now() / 1000) };
  const panels = await Promise.all(
    picturePanels.map(async (panel) => ({ panel, series: await seriesOf(prometheus.url, panel, span) })),
  );
  await filler.stop();
  await mended.stop();
  const svg = await drawn(panels, {
    text: 'Panels of deploy/grafana/dashboards, as a real Prometheus answered them',
    subtitle: `The example gateway with its seven leaks; after ${leakingMs / 1000} s a version without them. A minute is a second here.`,
  });
  writeFileSync(file, svg);
  console.log(`${file.pathname}: ${Math.round(svg.length / 1024)} KB`);
} finally {
  await backends.stop();
}
