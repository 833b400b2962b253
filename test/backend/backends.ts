import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertReceiver, startAlertReceiver } from './alert-receiver.ts';
import { type Alertmanager, startAlertmanager } from './start-alertmanager.ts';
import { type Collector, startCollector } from './start-collector.ts';
import { type Loki, startLoki } from './start-loki.ts';
import { type Prometheus, startPrometheus } from './start-prometheus.ts';

export interface Backends {
  /** For what belongs to this run only; gone at its end. */
  readonly folder: string;
  readonly alertReceiver: AlertReceiver;
  readonly alertmanager: Alertmanager;
  /** Where findings go; without it they wait in the Collector. */
  readonly loki: Loki | undefined;
  readonly collector: Collector;
  readonly prometheus: Prometheus;
  stop(): Promise<void>;
}

const nowhere = 'http://127.0.0.1:9/otlp/v1/logs';

/** What `deploy/` has, on the loopback, each fed by the one before: Collector → Prometheus → Alertmanager → webhook, and Loki. */
export async function startBackends({ withLoki }: { readonly withLoki: boolean }): Promise<Backends> {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-backend-'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  const started = <T extends { stop(): Promise<void> }>(it: T): T => (stops.push(() => it.stop()), it);
  try {
    const alertReceiver = started(await startAlertReceiver());
    const alertmanager = started(await startAlertmanager({ folder, receiver: alertReceiver.target }));
    const loki = withLoki ? started(await startLoki(folder)) : undefined;
    const collector = started(await startCollector({ folder, findingsUrl: loki?.otlpLogsUrl ?? nowhere }));
    const prometheus = started(
      await startPrometheus({ folder, scraped: [collector.scrapeTarget], alertmanager: alertmanager.target }),
    );
    return { folder, alertReceiver, alertmanager, loki, collector, prometheus, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
