import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { generated } from '../../.ci/backend-dashboards/generated.ts';
import { deployFolder } from './deployed.ts';
import { type Binary, binaryPath } from './programs.ts';

const run = promisify(execFile);
const checked = (binary: Binary, ...args: string[]) => run(binaryPath(binary), args, { cwd: deployFolder });

test('promtool: each alert is not yet, pending, firing and over', async () => {
  const { stdout } = await checked('promtool', 'test', 'rules', 'prometheus/rules-tests/alerts.test.yml');
  assert.match(stdout, /SUCCESS/);
});

test('promtool: every alert has such a test', () => {
  const alerts = [...read('prometheus/rules/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const tested = [...read('prometheus/rules-tests/alerts.test.yml').matchAll(/- name: (\w+)/g)].map(([, name]) => name);
  assert.ok(alerts.length >= 15);
  assert.deepEqual(new Set(tested), new Set(alerts));
});

test('promtool takes the configuration and both sets of rules', async () => {
  await checked('promtool', 'check', 'config', '--lint=all', '--lint-fatal', 'prometheus/prometheus.yml');
  for (const folder of ['rules', 'rules-js-exporter']) {
    const files = readdirSync(join(deployFolder, 'prometheus', folder)).map((file) => `prometheus/${folder}/${file}`);
    await checked('promtool', 'check', 'rules', ...files);
  }
});

test('the Collector takes its configuration', async () => {
  await checked('collector', 'validate', '--config', 'collector/collector.yaml');
});

test('what is made of the dashboards and rules is what stands in deploy: `node .ci/backend-dashboards.mjs`', () => {
  for (const [path, text] of generated()) {
    assert.ok(existsSync(join(deployFolder, path)), `${path} is missing`);
    // their layout is the formatter's
    if (path.endsWith('.json')) assert.deepEqual(JSON.parse(read(path)), JSON.parse(text), path);
    else assert.equal(read(path), text, path);
  }
});

test('panels have ids of their own, lie beside each other, and ask a source that the dashboard lets choose', () => {
  for (const folder of ['dashboards', 'dashboards-js-exporter']) {
    for (const file of readdirSync(join(deployFolder, 'grafana', folder))) {
      const { panels, templating } = JSON.parse(read(`grafana/${folder}/${file}`)) as Grafana;
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert.ok(x + w <= 24);
        return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
      });
      assert.equal(new Set(cells).size, cells.length, `${file} has panels on top of each other`);
      const sources = new Set(
        templating.list.filter(({ type }) => type === 'datasource').map(({ name }) => `\${${name}}`),
      );
      for (const { type, datasource } of panels) assert.ok(type === 'row' || sources.has(datasource?.uid ?? ''), file);
    }
  }
});
interface Grafana {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly datasource?: { readonly uid: string };
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

const read = (path: string): string => readFileSync(join(deployFolder, path), 'utf8');
