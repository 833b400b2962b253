import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scope } from '../../../src/lifetime/scope.ts';
import { ScopeDraw } from '../../../src/lifetime/scope-draw.ts';

const request = (name: string, sweep = 1): Scope => new Scope('request', name, sweep, undefined);

function drawOf(...names: string[]): ScopeDraw {
  const draw = new ScopeDraw();
  draw.begin(new Set(names), 1);
  return draw;
}
const drawn = (draw: ScopeDraw, name: string, tries: number): number =>
  Array.from({ length: tries }, () => draw.draw(request(name))).filter((one) => one !== undefined).length;

test('scope draw: the first two of a name, then some by chance, four at most', () => {
  assert.equal(drawn(drawOf('send receipt'), 'send receipt', 2), 2);
  assert.equal(drawn(drawOf('send receipt'), 'send receipt', 200), 4);
});

test('scope draw: a busy name leaves room for a second one, eight there are in all', () => {
  const draw = drawOf('a', 'b', 'c');
  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => drawn(draw, name, 200)),
    [4, 4, 0],
  );
  assert.equal(draw.isOpen, false);
});

test('scope draw: a request is of a name by its route as soon as that is known', () => {
  const draw = drawOf('POST /a');
  const [unknown, known, other] = [request('POST *'), request('POST *'), request('POST *')];
  known.expectedName = 'POST /a';
  other.expectedName = 'POST /b';
  assert.deepEqual(
    [unknown, known, other, request('GET *')].map((scope) => draw.wants(scope)),
    [true, true, false, false],
  );
  unknown.endedAtSweep = 2;
  assert.equal(draw.wants(unknown), false);
});

test('scope draw: given back, the place is another’s, 16 times at most', () => {
  const draw = drawOf('POST /a');
  let draws = 0;
  for (let i = 0; i < 200; i++) {
    const name = draw.draw(request('POST *'));
    if (name === undefined) continue;
    draws++;
    draw.giveBack(name);
  }
  assert.ok(draws > 16 && draws <= 16 + 4, `${draws}`);
});

test('scope draw: nothing where nothing is looked for, nor of what began before', () => {
  assert.equal(drawn(drawOf(), 'a', 10), 0);
  assert.equal(drawOf('a').draw(request('a', 0)), undefined);
});
