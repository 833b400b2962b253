import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingTypes, type Finding, type FindingState } from '../../../src/detect/finding.ts';
import { findingTypeOf } from '../../../src/detect/finding-type-of.ts';
import { kinds } from '../../../src/lifetime/kind.ts';
import { findingLine, findingText } from '../../../src/report/finding-text.ts';
import { findingOf } from './finding.ts';

const states: readonly FindingState[] = ['raised', 'updated', 'resolved', 'retracted'];
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\nd\r\u0000e\u202ef';

const atRate = (value: number, low: number) => findingText(findingOf({ rate: { value, low, high: 2 * value } }));

describe('finding text', () => {
  test('a raised finding tells what, where, since when, in which work, what to do and how to silence it', () => {
    const place = { ...findingOf().place, text: "const file = createWriteStream(path, { flags: 'a' });" };
    const finding = findingOf({ place: place as NonNullable<Finding['place']> });
    assert.equal(
      findingText(finding),
      [
        'outlive: leak (likely unreleased_stream) at src/transcript.mjs:14:22 (openTranscript)',
        '  what    17 of 40 streams (fs.WriteStream) never released, though the work that opened them is over',
        "  line    const file = createWriteStream(path, { flags: 'a' });",
        '  since   2026-11-21 01:26:07 UTC (48 min); 21.3 more an hour (95 %: 12.2 to 34.1); 3.1 MB in buffers',
        '  during  POST /v1/chat/completions, for example trace 4bf92f3577b34da6a3ce929d0e0e4736',
        '  fix     call `stream.destroy()` when its request closes',
        '  id      9f0c7a1d2b3e4f50; to silence it: { "ignore": [{ "id": "9f0c7a1d2b3e4f50", "reason": "…" }] } in outlive.config.json',
      ].join('\n'),
    );
  });

  test('a cost is no leak: it tells how often it is paid, and what for', () => {
    const churn = findingOf({
      type: 'client_churn',
      detector: 'threshold',
      severity: 'info',
      kind: 'client',
      resourceType: 'pg.Client',
      count: 640,
      opened: 0,
      bytes: 0,
      sockets: 640,
      trace: undefined,
      rate: { value: 3600, low: 3300, high: 3900 },
      advice: 'make one pg.Client for the process',
    });
    assert.equal(
      findingText(churn).split('\n').slice(0, 3).join('\n'),
      [
        'outlive: cost (likely client_churn) at src/transcript.mjs:14:22 (openTranscript)',
        '  what    clients (pg.Client) are made for each run of the work and closed after it, each with about 1 socket: no leak, but each pays for a connection',
        '  since   2026-11-21 01:26:07 UTC (48 min); 60 a minute (95 %: 55 to 65)',
      ].join('\n'),
    );
    assert.match(
      findingText(churn),
      /to silence it: \{ "ignore": \[\{ "id": "9f0c7a1d2b3e4f50", "type": "client_churn", "reason"/,
      'not what may leak at that line',
    );
  });

  test('what is not known is left out', () => {
    const bare = findingOf({
      place: undefined,
      scopeName: undefined,
      trace: undefined,
      rate: undefined,
      bytes: 0,
      opened: 0,
      count: 1,
      oldestAgeMs: 0,
    });
    assert.equal(
      findingText(bare),
      [
        'outlive: leak (likely unreleased_stream)',
        '  what    1 stream (fs.WriteStream) never released, though the work that opened them is over',
        '  since   2026-11-21 02:14:07 UTC',
        '  fix     call `stream.destroy()` when its request closes',
        '  id      9f0c7a1d2b3e4f50; to silence it: { "ignore": [{ "id": "9f0c7a1d2b3e4f50", "reason": "…" }] } in outlive.config.json',
      ].join('\n'),
    );
  });

  test('a finding that goes on, is over or was wrong takes one line', () => {
    const later = { lastSeenMs: findingOf().firstSeenMs + 3_720_000 };
    const at = 'leak (likely unreleased_stream) at src/transcript.mjs:14:22 (openTranscript)';
    assert.match(
      findingText(findingOf({ ...later, state: 'updated', count: 29, opened: 70 })),
      /^outlive: still: leak \(likely unreleased_stream\) at src\/transcript\.mjs:14:22 .*: 29 of 70 streams .*; since .*\. Fix: call `stream\.destroy\(\)` .*$/,
    );
    assert.equal(
      findingText(findingOf({ ...later, state: 'resolved' })),
      `outlive: resolved: ${at}: it stood for 1 h 2 min and is over`,
    );
    assert.equal(
      findingText(findingOf({ ...later, state: 'retracted' })),
      `outlive: retracted: ${at}: said in error, what it counted has ended after all or is in use; it stood for 1 h 2 min`,
    );
  });

  test('one that is closed though nothing was released says so', () => {
    const later = { state: 'resolved', lastSeenMs: findingOf().firstSeenMs + 3_720_000, count: 300 } as const;
    const at = 'leak (likely unreleased_stream) at src/transcript.mjs:14:22 (openTranscript)';
    assert.equal(
      findingText(findingOf({ ...later, closedAs: 'level' })),
      `outlive: levelled off: ${at}: it stood for 1 h 2 min and grows no more, but what it counted is open still: 300 streams (fs.WriteStream)`,
    );
    assert.equal(
      findingText(findingOf({ ...later, closedAs: 'unwatched' })),
      `outlive: no longer watched: ${at}: it stood for 1 h 2 min; whether it goes on is not known`,
    );
  });

  test('what was taken for growth is taken back as level, not as ended', () => {
    for (const kind of ['heap', 'collection', 'listener'] as const)
      assert.match(
        findingText(findingOf({ kind, state: 'retracted' })),
        /: said in error, it has levelled off; it stood for /,
      );
  });

  test('a finding that turned out to be the doing of another says which, and not that it is over', () => {
    const { place } = findingOf();
    const partOf = { id: '0123456789abcdef', type: 'leaked_client', place } as const;
    assert.equal(
      findingText(findingOf({ state: 'resolved', type: 'unreleased_stream', partOf })),
      'outlive: joined: leak (likely unreleased_stream) at src/transcript.mjs:14:22 (openTranscript): the same leak as leaked_client at src/transcript.mjs:14:22, id 0123456789abcdef, and told as that from now on',
    );
  });

  test('a queue and a collection are told by their name and size', () => {
    const queue = findingOf({
      type: 'growing_queue',
      detector: 'growth',
      kind: 'queue',
      resourceType: 'billing',
      count: 1204,
    });
    assert.match(findingText(queue), / {2}what {4}queue billing holds 1,204 items and grows\n/);
    assert.match(findingText(queue), /since {3}2026-11-21 02:14:07 UTC; the oldest waits for 48 min;/);
    const collection = findingOf({
      ...queue,
      type: 'growing_collection',
      kind: 'collection',
      resourceType: 'sessions',
    });
    assert.match(findingText(collection), / {2}what {4}collection sessions holds 1,204 entries and grows\n/);
  });

  test('a rate is told in a unit that can be pictured, and not before it is established', () => {
    assert.match(atRate(21.3, 12), /; 21\.3 more an hour \(95 %: 12 to 42\.6\)/);
    assert.match(atRate(1_200, 600), /; 20 more a minute \(95 %: 10 to 40\)/);
    assert.match(atRate(45_000, 36_000), /; 12\.5 more a second \(95 %: 10 to 25\)/);
    assert.doesNotMatch(atRate(50_000, 0), / more a/);
  });

  test('a rate of memory is told in bytes an hour', () => {
    const rate = { value: 52.3e6, low: 48e6, high: 56.8e6 };
    const text = findingText(findingOf({ type: 'memory_limit', kind: 'heap', rate }));
    assert.match(text, /52 MB more an hour \(95 %: 48 MB to 57 MB\)/);
  });

  test('what grows in the heap is told in bytes', () => {
    const growth = findingOf({ type: 'heap_growth', kind: 'heap', detector: 'growth', bytes: 3.1e6 });
    assert.match(
      findingText(growth),
      /^outlive: memory \(likely heap_growth\) at .*\n.* 3\.1 MB of what was allocated here is kept/,
    );
    assert.match(
      findingText({ ...growth, type: 'growing_queue' }),
      /3\.1 MB of what was allocated here waits to be let go/,
    );
  });

  test('proof and severity are said', () => {
    const proof = findingOf({ certainty: 'certain', severity: 'critical', detector: 'abandoned' });
    assert.match(findingText(proof), /^outlive: critical leak \(certain unreleased_stream\) at/);
    assert.match(findingText(proof), /never released, and collected as garbage in that state\n/);
  });

  test('what is held where is told when it is known', () => {
    assert.match(
      findingText(findingOf({ retainedBy: 'cache (Map) → entry' })),
      /\n {2}held by cache \(Map\) → entry\n/,
    );
  });

  test('what the named line called is told where it is a library that opened it', () => {
    const place = { file: 'src/main.mjs', line: 191, column: 7, fn: 'run', text: 'await handler(request, response);' };
    const stack = 'at serve (node_modules/handler/index.js:741:27)\nat run (src/main.mjs:191:7)';
    assert.match(
      findingText(findingOf({ place, stack })),
      /\n {2}through serve \(node_modules\/handler\/index\.js:741:27\)\n/,
    );
    assert.doesNotMatch(findingText(findingOf({ place, stack: 'at run (src/main.mjs:191:7)' })), /through/);
    assert.doesNotMatch(findingText(findingOf({ place: undefined, stack })), /through/);
  });

  test('every type and kind has its words, in nine lines at most and in one', () => {
    const sorts = [
      ...kinds.map((kind) => findingOf({ kind, type: findingTypeOf[kind] })),
      ...findingTypes.map((type) => findingOf({ type, kind: 'heap' })),
    ];
    for (const sort of sorts) {
      for (const state of states) {
        const text = findingText({ ...sort, state, retainedBy: 'x', stack: 'at x (y.js:1:1)' });
        assert.ok(text.split('\n').length <= (state === 'raised' ? 9 : 1), text);
        assert.doesNotMatch(text + findingLine({ ...sort, state }), /undefined|NaN|Infinity|null/);
      }
    }
  });

  test('names of the app cannot move the cursor, break the line or turn the text around', () => {
    const bad = findingOf({
      resourceType: hostile,
      scopeName: hostile,
      advice: hostile,
      retainedBy: hostile,
      stack: hostile,
      place: { file: hostile, line: 1, column: 1, fn: hostile, text: hostile },
    });
    for (const state of states) {
      assert.doesNotMatch(findingText({ ...bad, state }), control);
      assert.doesNotMatch(findingLine({ ...bad, state }), control);
      assert.ok(!findingLine({ ...bad, state }).includes('\n'));
    }
    assert.equal(findingText(bad).split('\n').length, 9);
    assert.match(findingText(bad), /\(abc d ef\)|\(abc d e f\)/);
  });

  test('is coloured for a terminal only', () => {
    assert.ok(findingText(findingOf(), { colour: true }).startsWith('outlive: \u001b['));
    assert.doesNotMatch(findingText(findingOf()), control);
  });
});

describe('finding line', () => {
  test('says in one line what a person can act on', () => {
    assert.equal(
      findingLine(findingOf()),
      'leak (likely unreleased_stream) at src/transcript.mjs:14:22 (openTranscript): 17 of 40 streams (fs.WriteStream) never released, though the work that opened them is over. Fix: call `stream.destroy()` when its request closes',
    );
    assert.match(findingLine(findingOf({ state: 'retracted' })), /^retracted: leak \(likely unreleased_stream\) at /);
  });

  test('stays within a bound, whatever the names are', () => {
    const long = 'x'.repeat(100_000);
    const finding = findingOf({
      resourceType: long,
      scopeName: long,
      advice: long,
      retainedBy: long,
      place: { file: long, line: 1, column: 1, fn: long, text: long },
    });
    assert.ok(findingLine(finding).length < 1_200);
    assert.ok(findingText(finding).length < 2_400);
  });
});

test('finding text: a write buffer that swells is told in bytes', () => {
  const swollen = findingOf({
    type: 'growing_queue',
    kind: 'queue',
    resourceType: 'net.Socket write buffer',
    count: 1,
    bytes: 3 << 20,
  });
  assert.match(findingText(swollen), /net\.Socket write buffer holds 3(\.\d+)? MB and grows/);
});
