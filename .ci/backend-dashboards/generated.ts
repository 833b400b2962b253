import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dashboard, grafanaJson } from './dashboard.ts';
import { finding } from './finding.ts';
import { fleet } from './fleet.ts';
import { overview } from './overview.ts';
import { forJsExporter } from './prometheus-names.ts';
import { service } from './service.ts';

export const dashboards: readonly Dashboard[] = [overview, service, finding, fleet];

const rulesFolder = fileURLToPath(new URL('../../deploy/prometheus/rules', import.meta.url));

/** What is made of the dashboards and of the rules, by its path in `deploy/`. */
export function generated(): Map<string, string> {
  const files = new Map<string, string>();
  for (const dashboard of dashboards) {
    const text = `${JSON.stringify(grafanaJson(dashboard), undefined, 2)}\n`;
    const name = dashboard.uid.replace('outlive-', '');
    files.set(`grafana/dashboards/${name}.json`, text);
    files.set(`grafana/dashboards-js-exporter/${name}.json`, forJsExporter(text));
  }
  for (const file of readdirSync(rulesFolder).filter((name) => !name.includes('test'))) {
    const text = forJsExporter(readFileSync(join(rulesFolder, file), 'utf8'));
    files.set(
      `prometheus/rules-js-exporter/${file}`,
      `# Made from ../rules/${file}: the names of @opentelemetry/exporter-prometheus.\n${text}`,
    );
  }
  return files;
}
