import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const deployed = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');

/** A folder of the test's own, and `npx outlive` in it. */
function workplace(t: { after(fn: () => void): void }) {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-init-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const outlive = (...args: string[]) =>
    spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
  return { outlive, path: (...parts: string[]) => join(folder, ...parts) };
}

for (const [what, file, source] of [
  ['collector', 'outlive/collector/collector.yaml', 'collector/collector.yaml'],
  ['prometheus', 'outlive/prometheus/rules/alerts.yml', 'prometheus/rules/alerts.yml'],
  ['grafana', 'outlive/grafana/dashboards/overview.json', 'grafana/dashboards/overview.json'],
  ['ci', '.github/workflows/outlive.yml', 'ci/outlive.yml'],
] as const) {
  test(`init ${what} copies out what deploy has, and says what it wrote`, (t) => {
    const { outlive, path } = workplace(t);
    const { status, stdout } = outlive('init', what);
    assert.equal(status, 0);
    assert.ok(stdout.includes(file), stdout);
    assert.equal(readFileSync(path(file), 'utf8'), deployed(source));
  });
}

test('init overwrites nothing, and writes nothing at all then, but with --force', (t) => {
  const { outlive, path } = workplace(t);
  assert.equal(outlive('init', 'prometheus', '--into', 'here').status, 0);
  const changed = path('here/prometheus/rules/alerts.yml');
  writeFileSync(changed, 'mine');
  rmSync(path('here/alertmanager'), { recursive: true });

  const refused = outlive('init', 'prometheus', '--into', 'here');
  assert.deepEqual([refused.status, refused.stdout], [1, '']);
  assert.match(refused.stderr, /Nothing was written[^]*alerts\.yml[^]*--force/);
  assert.equal(readFileSync(changed, 'utf8'), 'mine');
  assert.throws(() => readFileSync(path('here/alertmanager/alertmanager.yml')));

  assert.equal(outlive('init', 'prometheus', '--into', 'here', '--force').status, 0);
  assert.equal(readFileSync(changed, 'utf8'), deployed('prometheus/rules/alerts.yml'));
});

test('init without a name, or with one it does not know, says which there are', (t) => {
  const { outlive } = workplace(t);
  for (const args of [[], ['grafna'], ['grafana', 'ci'], ['ci', '--fast']]) {
    const { status, stderr } = outlive('init', ...args);
    assert.equal(status, 2);
    assert.match(stderr, /npx outlive init <what>/);
  }
});
