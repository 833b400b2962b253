import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { grafanaChecker } from './grafana-schema.ts';

const deploy = new URL('../../deploy/', import.meta.url);
const folders = ['dashboards', 'dashboards-js-exporter'];

let wrongIn: ReturnType<typeof grafanaChecker>;
before(() => {
  wrongIn = grafanaChecker();
});

const read = (path: string): string => readFileSync(new URL(path, deploy), 'utf8');

test('every dashboard is as the published schema of Grafana wants it', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`grafana/${folder}`, deploy)).map((file) => `grafana/${folder}/${file}`),
  );
  assert.equal(files.length, 8);
  for (const file of files) assert.deepEqual(wrongIn(JSON.parse(read(file))), [], file);
});

test('the schema is that of the Grafana which docker compose starts', () => {
  const { version } = createRequire(import.meta.url)('@grafana/schema/package.json') as { version: string };
  assert.match(read('compose/compose.yaml'), new RegExp(`image: grafana/grafana:${version}\n`));
});

test('a dashboard that is broken on purpose is not taken', () => {
  const text = read('grafana/dashboards/service.json');
  const breaks = [
    ['"type": "timeseries"', '"type": "timeserie"'],
    ['"gridPos"', '"gridPosition"'],
    ['"expr"', '"expression"'],
    ['"refId": "A"', '"refId": 1'],
    ['"unit": "percentunit"', '"unit": 1'],
    ['"schemaVersion": 39', '"schemaVersion": "39"'],
    ['"type": "query"', '"type": "queries"'],
    ['"refresh": 2', '"refresh": 3'],
    ['"options": {}', '"options": { "legend": { "displayMode": "lists" } }'],
    ['"collapsed": false', '"collapsed": "no"'],
    ['"range": true', '"range": "yes"'],
    ['"asDropdown": true,', ''],
  ] as const;
  for (const [from, to] of breaks) {
    assert.ok(text.includes(from), from);
    assert.notDeepEqual(wrongIn(JSON.parse(text.replace(from, to))), [], to);
  }
});
