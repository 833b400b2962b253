import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployFolder, deployed, hurried } from './deployed.ts';
import { freePort } from './free-port.ts';
import { ProgramProcess } from './program-process.ts';

export interface Prometheus {
  readonly url: string;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** A folder of this test's own. */
  readonly folder: string;
  /** Of `deploy/prometheus`; what it scrapes is `scraped`. */
  readonly config?: 'prometheus.yml' | 'prometheus-js-exporter.yml';
  /** As hosts and ports: the Collector, or the apps themselves. */
  readonly scraped: readonly string[];
  /** Host and port of an Alertmanager. */
  readonly alertmanager: string;
}

const scrapedByDefault = { 'prometheus.yml': 'collector:8889', 'prometheus-js-exporter.yml': 'my-service:9464' };

/** Prometheus with `deploy/prometheus`, its clock hurried. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { folder, config: file = 'prometheus.yml', scraped, alertmanager } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const home = join(folder, 'prometheus');
  for (const rules of ['rules', 'rules-js-exporter']) hurryRules(rules, home);
  mkdirSync(join(home, 'data'));
  const config = deployed(`prometheus/${file}`, {
    'scrape_interval: 15s': 'scrape_interval: 1s',
    'evaluation_interval: 15s': 'evaluation_interval: 1s',
    'alertmanager:9093': alertmanager,
    [`'${scrapedByDefault[file]}'`]: scraped.map((target) => `'${target}'`).join(', '),
  });
  writeFileSync(join(home, 'prometheus.yml'), config);
  const program = await ProgramProcess.start({
    binary: 'prometheus',
    args: [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-otlp-receiver',
      // so that an alert's end is told to Alertmanager at once
      '--rules.alert.resend-delay=1s',
    ],
    readyUrl: `${url}/-/ready`,
  });
  return { url, stop: () => program.stop() };
}

/** Puts a folder of rules beside the configuration, each duration in them a sixtieth. */
function hurryRules(rules: string, home: string): void {
  cpSync(join(deployFolder, 'prometheus', rules), join(home, rules), { recursive: true });
  for (const file of readdirSync(join(home, rules))) {
    const path = join(home, rules, file);
    writeFileSync(path, hurried(readFileSync(path, 'utf8')));
  }
}
