import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { maxScalarSeries, sureSeries } from '../../src/telemetry/scalar-groups.ts';

test('the table of series a process has at most says what the code deals out', () => {
  const page = readFileSync(new URL('../../docs/backends.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\w+) \| (\d+) \|/gm)].map(([, group = '', most]) => [group, Number(most)]);
  const told = Object.fromEntries(rows) as Readonly<Record<string, number>>;
  const dealt = sureSeries(true);
  for (const [group, most] of Object.entries(dealt)) assert.equal(told[group], most, group);
  const sum = Object.values(dealt).reduce((total, most) => total + most, 0);
  assert.ok(sum <= maxScalarSeries, `${sum}`);
  assert.match(page, new RegExp(`\\| together \\| ${sum} \\|`));
});
