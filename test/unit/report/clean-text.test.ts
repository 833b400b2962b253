import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanText } from '../../../src/report/clean-text.ts';

test('escape sequences go as a whole, control and direction characters become a space', () => {
  assert.equal(cleanText('\u001b[31mred\u001b[0m'), 'red');
  assert.equal(cleanText('\u001b]8;;https://evil.test\u0007link\u001b]8;;\u0007'), 'link');
  assert.equal(cleanText('\u009b2Jclear'), 'clear');
  assert.equal(cleanText('a\r\nb\u2028c\u0000d'), 'a b c d');
  assert.equal(cleanText('user\u202etxt.exe'), 'user txt.exe');
  assert.equal(cleanText('\ud800lone'), 'lone');
});

test('letters of all scripts and the usual signs stay', () => {
  assert.equal(cleanText('GET /größe/:id → 注文 🚚'), 'GET /größe/:id → 注文 🚚');
});

test('a long text is cut between characters and says so', () => {
  assert.equal(cleanText('abcdef', 4), 'abc…');
  assert.equal(cleanText('🚚🚚🚚🚚', 3), '🚚🚚…');
});

test('any text becomes one line of at most so many characters that stays as it is when cleaned again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 2, max: 80 }), (text, max) => {
      const clean = cleanText(text, max);
      assert.ok(Array.from(clean).length <= max);
      assert.doesNotMatch(clean, /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      assert.equal(cleanText(clean, max), clean);
    }),
    { numRuns: 1000 },
  );
});
