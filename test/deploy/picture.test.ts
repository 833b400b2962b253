import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { picturePanels } from '../../.ci/backend-picture/panels.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

test('the README shows a picture of panels that stand in the dashboards, with their queries', () => {
  assert.match(read('README.md'), /!\[[^\]]+\]\(docs\/dashboards\.svg\)/);
  const dashboards = ['overview', 'service'].map(
    (name) => JSON.parse(read(`deploy/grafana/dashboards/${name}.json`)) as Dashboard,
  );
  const asked = new Set(
    dashboards.flatMap(({ panels }) =>
      panels.map(({ title, targets = [] }) => `${title}: ${targets.map(({ expr }) => expr).join(' ')}`),
    ),
  );
  const drawn = read('docs/dashboards.svg');
  for (const { title, queries } of picturePanels) {
    assert.ok(asked.has(`${title}: ${queries.map(([expr]) => expr).join(' ')}`), title);
    assert.ok(drawn.includes(`>${title}</text>`), `${title} is not drawn: \`npm run backend:picture\``);
  }
});

test('the picture is small, reads on light and dark ground, and runs nothing', () => {
  const drawn = read('docs/dashboards.svg');
  assert.ok(drawn.length < 150_000, `${drawn.length} bytes`);
  assert.match(drawn, /prefers-color-scheme: dark/);
  assert.doesNotMatch(drawn, /<script|href=|@import/);
});
