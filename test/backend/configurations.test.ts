import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { generated } from '../../.ci/backend-dashboards/generated.ts';
import { deployed, deployFolder } from './deployed.ts';
import { type Binary, binaryPath, programs, sourceFolder } from './programs.ts';

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
  for (const file of ['prometheus.yml', 'prometheus-js-exporter.yml']) {
    await checked('promtool', 'check', 'config', '--lint=all', '--lint-fatal', `prometheus/${file}`);
  }
  for (const folder of ['rules', 'rules-js-exporter']) {
    const files = readdirSync(join(deployFolder, 'prometheus', folder)).map((file) => `prometheus/${folder}/${file}`);
    await checked('promtool', 'check', 'rules', ...files);
  }
});

test('the Collector takes its configuration', async () => {
  await checked('collector', 'validate', '--config', 'collector/collector.yaml');
});

const manifests = (kind: string, file: string) => run(binaryPath('manifests'), [kind, file], { cwd: deployFolder });

test("docker compose's own loader takes the compose file, and what it mounts is there", async () => {
  await manifests('compose', 'compose/compose.yaml');
});

test('what compose mounts is what these tests start the programs with, and of the versions that they start', () => {
  const compose = read('compose/compose.yaml');
  const mounted = new Set([...compose.matchAll(/\.\.\/([\w./-]+):/g)].map(([, path]) => path));
  const started = ['alertmanager', 'collector/collector.yaml', 'loki', 'prometheus'];
  assert.deepEqual(mounted, new Set([...started, 'grafana/dashboards', 'grafana/provisioning']));
  const goModOf = (name: string) => {
    const program = programs.find((one) => one.name === name);
    assert.ok(program);
    return readFileSync(join(sourceFolder(program), 'go.mod'), 'utf8');
  };
  const versionOf = (program: string, module: string) => new RegExp(`${module} v(\\S+)`).exec(goModOf(program))?.[1];
  const images = Object.fromEntries(
    [...compose.matchAll(/image: (\S+):v?([\d.]+)$/gm)].map(([, image = '', tag]) => [image.split('/')[1], tag]),
  );
  const { grafana, ...built } = images;
  assert.deepEqual(built, {
    'opentelemetry-collector-contrib': versionOf('collector', 'exporter/prometheusexporter'),
    // its Go module is 0.315 where its releases are 3.15
    prometheus: versionOf('prometheus', 'prometheus/prometheus')?.replace(/^0\.(\d)(\d+)\./, '$1.$2.'),
    alertmanager: versionOf('alertmanager', 'prometheus/alertmanager'),
    loki: versionOf('loki', 'grafana/loki/v3'),
  });
  assert.match(
    read('kubernetes/collector.yaml'),
    new RegExp(`collector-contrib:${built['opentelemetry-collector-contrib']}\n`),
  );
  assert.ok(grafana);
});

test("the API server's own validation takes the Kubernetes files", async () => {
  for (const file of readdirSync(join(deployFolder, 'kubernetes'))) await manifests('kubernetes', `kubernetes/${file}`);
});

test('files that are broken on purpose are not taken', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-manifests-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const breaks = [
    ['compose', 'compose/compose.yaml', 'mem_limit', 'memory_limit'],
    ['compose', 'compose/compose.yaml', '127.0.0.1:9090:9090', '127.0.0.1:9090:port'],
    ['compose', 'compose/compose.yaml', 'depends_on: [loki]', 'depends_on: [lokki]'],
    ['compose', 'compose/compose.yaml', '../loki:', '../nowhere:'],
    ['kubernetes', 'kubernetes/collector.yaml', 'containerPort: 4318', 'containerPrt: 4318'],
    [
      'kubernetes',
      'kubernetes/collector.yaml',
      'matchLabels: { app: outlive-collector }',
      'matchLabels: { app: other }',
    ],
    ['kubernetes', 'kubernetes/collector.yaml', 'memory: 256Mi', 'memory: 2560Mi'],
    ['kubernetes', 'kubernetes/collector.yaml', 'name: config, mountPath', 'name: conf, mountPath'],
    ['kubernetes', 'kubernetes/app.yaml', 'apiVersion: apps/v1', 'apiVersion: apps/v9'],
    ['kubernetes', 'kubernetes/app.yaml', 'fieldPath: spec.nodeName', 'fieldPath: spec.node'],
  ] as const;
  for (const [kind, file, from, to] of breaks) {
    const text = deployed(file, { [from]: to }).replaceAll('../', kind === 'compose' ? `${deployFolder}/` : '../');
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, text);
    await assert.rejects(manifests(kind, broken), { code: 1 }, `${file} with ${to}`);
  }
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
