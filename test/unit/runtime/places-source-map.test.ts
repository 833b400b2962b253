import assert from 'node:assert/strict';
import { SourceMap } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { originalIn } from '../../../src/runtime/places-source-map.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function vlq(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += digits[rest > 0 ? digit | 32 : digit] ?? '';
  } while (rest > 0);
  return text;
}

interface Segment {
  readonly step: number;
  readonly mapped: boolean;
  readonly source: number;
  readonly line: number;
  readonly column: number;
}

function mappingsOf(lines: readonly (readonly Segment[])[]): string {
  let [source, line, column] = [0, 0, 0];
  const written = ({ step, ...to }: Segment): string => {
    if (!to.mapped) return vlq(step);
    const text = vlq(step) + vlq(to.source - source) + vlq(to.line - line) + vlq(to.column - column);
    ({ source, line, column } = to);
    return text;
  };
  return lines.map((segments) => segments.map(written).join(',')).join(';');
}

const sources = ['file:///a.ts', 'file:///b.ts'];
const segment = fc.record({
  step: fc.integer({ min: 1, max: 500 }),
  mapped: fc.boolean(),
  source: fc.integer({ min: 0, max: 1 }),
  line: fc.integer({ min: 0, max: 100_000 }),
  column: fc.integer({ min: 0, max: 5000 }),
});

test('a position is found where Node finds it, on any map', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(segment, { maxLength: 6 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 2000 }),
      (lines, line, column) => {
        const map = {
          version: 3,
          file: 'x.js',
          sources,
          names: [],
          mappings: `${mappingsOf(lines)};`,
          sourcesContent: [],
          sourceRoot: '',
        };
        const entry = new SourceMap(map).findEntry(line - 1, column - 1);
        const expected =
          'originalSource' in entry && entry.originalSource !== undefined && entry.generatedLine === line - 1
            ? {
                source: entry.originalSource,
                line: entry.originalLine + 1,
                column: entry.originalColumn + 1,
                content: undefined,
              }
            : undefined;
        assert.deepEqual(originalIn(map, '/x.js.map', line, column), expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('a text that is no map answers nothing and ends', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (mappings, line) => {
      originalIn({ version: 3, sources, mappings }, '/x.js.map', line, 1);
    }),
  );
});
