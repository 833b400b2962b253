// Writes what deploy/ has of the dashboards in .ci/backend-dashboards, and of the rules for the JS Prometheus exporter.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generated } from './backend-dashboards/generated.ts';

const deploy = fileURLToPath(new URL('../deploy', import.meta.url));
for (const [path, text] of generated()) {
  const file = join(deploy, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
