import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { findingTypeOf } from '../../../src/detect/finding-type-of.ts';
import { fewestRatio } from '../../../src/detect/slowdown.ts';
import { defaultAlarmsPerMonth } from '../../../src/detect/survival.ts';
import { defaultOutlivedRule } from '../../../src/detect/survival-rule.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const pages = ['README.md', 'CHANGELOG.md', 'examples/llm-gateway/README.md', 'examples/connections/README.md'].concat(
  readdirSync(path.join(root, 'docs'), { recursive: true })
    .map((file) => path.join('docs', String(file)))
    .filter((file) => file.endsWith('.md')),
);

/** Headings as the usual renderers make links of them. */
const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

const brokenLinksIn = (page: string): string[] =>
  [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)].flatMap(([link, file = '', anchor]) => {
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(root, target))) return [`${page}: ${link}`];
    return anchor === undefined || anchorsOf(read(target)).has(anchor) ? [] : [`${page}: ${link}`];
  });

describe('the documentation', () => {
  test('has no dead link', () => assert.deepEqual(pages.flatMap(brokenLinksIn), []));

  test('has a page for each finding type that is told of a thing', () => {
    const types = new Set(Object.values(findingTypeOf));
    const missing = [...types].filter((type) => !existsSync(path.join(root, `docs/detectors/${type}.md`)));
    assert.deepEqual(missing, []);
  });

  test('names no path of a machine', () => {
    for (const page of pages) assert.doesNotMatch(read(page), /\/(?:work|tmp|home)\//, page);
  });

  test('covers each requirement once', () => {
    const counts = { SDK: 14, KIT: 12, GATE: 10, MON: 7 };
    const numbered = Object.entries(counts).flatMap(([name, count]) =>
      Array.from({ length: count }, (_, n) => `${name}-${n + 1}`),
    );
    const cases =
      'LEAK-001 LEAK-002 LEAK-003 LEAK-004 PAYLOAD-001 PAYLOAD-002 PAYLOAD-003 GC-001 AUTO-001 FRAG-002 ASYNC-003 SDKMEM-004 PRESSURE-005 REALTIME-006 BATCH-007';
    const listed = [...read('docs/coverage.md').matchAll(/^\| ([A-Z]+-\d+) \|/gm)].map(([, id]) => String(id));
    const asked = [...numbered, ...cases.split(' ')];
    assert.deepEqual(new Set(listed), new Set(asked));
    assert.equal(listed.length, asked.length);
  });

  test('points to tests and scripts that there are', () => {
    const tests = readdirSync(path.join(root, 'test'), { recursive: true })
      .map((file) => `test/${String(file).replaceAll(path.sep, '/')}`)
      .filter((file) => file.endsWith('.test.ts'));
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const [, command = ''] of read('docs/coverage.md').matchAll(/`(npm [^`]*)`/g)) {
      const [, verb = '', name = '', ...parts] = command.replace(' -- ', ' ').split(' ');
      assert.ok((verb === 'run' ? name : verb) in scripts, command);
      if (verb !== 'test' || name.startsWith('<')) continue;
      for (const part of [name, ...parts])
        assert.ok(
          tests.some((file) => file.includes(part)),
          `${command}: ${part}`,
        );
    }
  });

  test('gives the numbers of the rules as the code has them', () => {
    const rules = read('docs/detectors/README.md');
    const rule = defaultOutlivedRule;
    assert.ok(rules.includes(`at least ${rule.testAge} sweeps, ${rule.slowTestAge} for timers and sockets`));
    assert.ok(rules.includes(`From ${rule.minEnds} ends on`));
    assert.ok(
      rules.includes(`${rule.ageFactor} times the age that ${100 - 100 * rule.learntTail} % of those that end`),
    );
    assert.ok(rules.includes(`at least ${100 * rule.healthyShare} % of those end`));
    assert.ok(rules.includes(`a leaky one ${100 * rule.leakyShare} %`));
    assert.ok(rules.includes(`\`alarmsPerServiceMonth\` (${defaultAlarmsPerMonth};`));
    assert.ok(
      rules.includes(`| settled | ≥ ${rule.minSettled} (≥ ${4 * rule.minSettled} where the line is not known) |`),
    );
    assert.ok(rules.includes(`in which those that stand were born | ≥ ${rule.minCohorts}:`));
    assert.ok(rules.includes(`open for ${rule.longAge} sweeps past their scope | ≥ ${rule.minLong}:`));
    assert.ok(rules.includes(`| ended late | ≤ ${100 * rule.maxLateEndShare} % of the doublings`));
    assert.ok(rules.includes(`of all that was opened there | ≥ ${100 * rule.minShare} %`));
    assert.ok(rules.includes(`| ≥ ${fewestRatio}, and not significantly`));
    assert.ok(rules.includes(`below ${1 - rule.maxSlowdown}:`));
    assert.ok(rules.includes(`≥ ${rule.minOfSome} stand, and`));
    assert.ok(rules.includes(`as in an outage | for ${rule.outageSweeps} sweeps`));
    assert.ok(rules.includes(`has stood for ${rule.standingSweeps} sweeps`));
    assert.ok(rules.includes(`from ≥ ${rule.minEndlessCohorts} windows of 8 sweeps`));
  });
});
