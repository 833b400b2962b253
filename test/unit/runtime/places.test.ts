import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Frame, Site } from '../../../src/lifetime/site.ts';
import type { PlaceOf } from '../../../src/detect/place.ts';
import { placesOf } from '../../../src/runtime/places.ts';

let app = '';
before(() => void (app = realpathSync(mkdtempSync(path.join(tmpdir(), 'outlive-places-')))));
after(() => rmSync(app, { recursive: true, force: true }));

const write = (file: string, text: string): string => {
  mkdirSync(path.dirname(path.join(app, file)), { recursive: true });
  writeFileSync(path.join(app, file), text);
  return path.join(app, file);
};
const frameAt = (file: string, line: number, column: number, fn = ''): Frame => ({ file, line, column, fn });
const siteAt = (frame: Frame, others: readonly Frame[] = [], inApp = true): Site => ({
  id: 1,
  frame,
  inApp,
  frames: [frame, ...others],
  libraries: [],
  captures: 1,
});
/** What an engine would be given: its type is the detectors' own. */
const places = (): PlaceOf => placesOf({ appRoot: app });

/** Two generated lines; the second one's column 5 is line 12, column 3 of the source. */
const mapOf = (source: string, more: object = {}) =>
  JSON.stringify({ version: 3, sources: [source], names: [], mappings: 'AAAA;IAWE', ...more });

/** One line of a bundle. */
const part = (line: number, source: string) => ({
  offset: { line, column: 0 },
  map: { version: 3, sources: [source], names: [], mappings: 'IAAA', sourcesContent: [`line of ${source}`] },
});
const shown = (file: string): string => places()(siteAt(frameAt(file, 1, 1), [], false)).file;

describe('place', () => {
  test('names a file from the root of the app on, with the text of its line', () => {
    const file = write('src/orders.js', 'one\n  const s = open();\nthree\n');
    const place = places()(siteAt(frameAt(file, 2, 13, 'list'), [frameAt(write('src/main.js', ''), 7, 1)]));
    assert.deepEqual(place, {
      file: 'src/orders.js',
      line: 2,
      column: 13,
      fn: 'list',
      text: 'const s = open();',
      stack: 'at list (src/orders.js:2:13)\nat src/main.js:7:1',
    });
  });

  test('follows the map beside a compiled file to its source', () => {
    write('src/orders.ts', `${'\n'.repeat(11)}  const stream: Stream = open();\n`);
    write('dist/orders.js.map', mapOf('../src/orders.ts'));
    const file = write('dist/orders.js', 'x\n    open();\n//# sourceMappingURL=orders.js.map\n');
    const place = places()(siteAt(frameAt(file, 2, 5)));
    assert.deepEqual([place.file, place.line, place.column], ['src/orders.ts', 12, 3]);
    assert.equal(place.text, 'const stream: Stream = open();');
    assert.equal(place.stack, 'at src/orders.ts:12:3');
  });

  test('follows a map inside the file, written as base64 or as text, its source inside the map', () => {
    const content = `${'\n'.repeat(11)}  await inline();\n`;
    const map = mapOf('inline.ts', { sourceRoot: '../lib', sourcesContent: [content] });
    for (const url of [
      `data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}`,
      `data:application/json,${encodeURIComponent(map)}`,
    ]) {
      const file = write('out/inline.js', `x\n    inline();\n//# sourceMappingURL=${url}`);
      const place = places()(siteAt(frameAt(file, 2, 9)));
      assert.deepEqual([place.file, place.line, place.text], ['lib/inline.ts', 12, 'await inline();']);
    }
  });

  test('asks Node for the maps of what a loader compiled in memory', async () => {
    const map = mapOf('../src/loaded.ts', { sourcesContent: [`${'\n'.repeat(11)}  loaded();\n`] });
    const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
    const file = write('dist/loaded.mjs', `0;\n    0;\n//# sourceMappingURL=${url}\n`);
    process.setSourceMapsEnabled(true);
    try {
      await import(pathToFileURL(file).href);
      write('dist/loaded.mjs', 'what stands on disk is not what runs\n');
      const place = places()(siteAt(frameAt(file, 2, 5)));
      assert.deepEqual([place.file, place.line, place.column, place.text], ['src/loaded.ts', 12, 3, 'loaded();']);
    } finally {
      process.setSourceMapsEnabled(false);
    }
  });

  test('of a bundle is the first line of the app once its libraries are told apart', () => {
    const sections = [part(0, 'webpack://shop/./src/orders.ts'), part(1, 'webpack://shop/./node_modules/pg/client.js')];
    write('bundle.js.map', JSON.stringify({ version: 3, sections }));
    const file = write('bundle.js', 'app\nlibrary\n//# sourceMappingURL=bundle.js.map');
    const place = places()(siteAt(frameAt(file, 2, 5, 'connect'), [frameAt(file, 1, 5, 'list')]));
    assert.deepEqual(
      [place.file, place.fn, place.text],
      ['src/orders.ts', 'list', 'line of webpack://shop/./src/orders.ts'],
    );
    assert.equal(place.stack, 'at connect (node_modules/pg/client.js:1:1)\nat list (src/orders.ts:1:1)');
  });

  test('names a library from node_modules on and what lies elsewhere by the way to it', () => {
    assert.equal(shown(`${app}/node_modules/a/node_modules/pg/lib/client.js`), 'node_modules/pg/lib/client.js');
    assert.equal(
      shown('/store/v3/node_modules/.pnpm/pg@8/node_modules/pg/lib/client.js'),
      'node_modules/pg/lib/client.js',
    );
    assert.equal(shown(path.join(path.dirname(app), 'cart/src/a.js')), '../cart/src/a.js');
    assert.equal(shown(`file://${app}/src/with%20space.js`), 'src/with space.js');
  });

  test('names the files of an installed program from its package on, as they were installed', () => {
    const root = path.join(app, 'prefix/node_modules/files');
    write('prefix/node_modules/files/lib/core.js.map', mapOf('../src/core.ts'));
    const file = write('prefix/node_modules/files/lib/core.js', 'x\n    serve();\n//# sourceMappingURL=core.js.map');
    const placeOf = placesOf({ appRoot: root, cwd: app });
    const place = placeOf(siteAt(frameAt(file, 2, 5, 'serve')));
    assert.deepEqual([place.file, place.line, place.text], ['lib/core.js', 2, 'serve();']);
    const plugin = placeOf(siteAt(frameAt(write('site/plugin.js', 'a'), 1, 1)));
    assert.equal(plugin.file, 'site/plugin.js');
  });

  test('names what has no file by what it was called', () => {
    assert.equal(shown('webpack-internal:///(rsc)/./src/route.ts'), 'src/route.ts');
    assert.equal(shown('turbopack:///[project]/src/route.ts'), 'src/route.ts');
    assert.equal(shown('evalmachine.<anonymous>'), 'evalmachine.<anonymous>');
    assert.equal(shown('data:text/javascript,secret()'), 'data:');
    assert.equal(shown('https://user:pass@cdn.example/src/a.js?token=1'), 'src/a.js');
    assert.ok(shown(`/${'x'.repeat(5000)}`).length <= 301);
  });

  test('keeps the line of a site that lies deeper than the stack it tells', () => {
    const deep = frameAt(write('deep.js', 'deep()'), 1, 1, 'deep');
    const library = Array.from({ length: 8 }, (_, n) => frameAt(`${app}/node_modules/l/${n}.js`, 1, 1));
    const lines = places()({
      id: 1,
      frame: deep,
      inApp: true,
      frames: library,
      libraries: [],
      captures: 1,
    }).stack.split('\n');
    assert.equal(lines.length, 8);
    assert.equal(lines.at(-1), 'at deep (deep.js:1:1)');
  });

  test('shows of a long line what stands at the column, and at most 160 characters', () => {
    const file = write('min.js', `${'a'.repeat(1000)}new Client()${'b'.repeat(1000)}`);
    const { text } = places()(siteAt(frameAt(file, 1, 1001)));
    assert.equal(text, `new Client()${'b'.repeat(148)}`);
  });

  test('is told without a text where there is nothing to be read, and nothing blocks or throws', () => {
    const huge = write('huge.js', '');
    truncateSync(huge, 17 * 1024 * 1024);
    for (const file of [
      '/dev/zero',
      huge,
      app,
      path.join(app, 'gone.js'),
      '',
      'file://host/%zz',
      'file:///%zz',
      '\0',
    ]) {
      const place = places()(siteAt(frameAt(file, 3, 1, 'f')));
      assert.deepEqual([place.line, place.fn, place.text], [3, 'f', '']);
      assert.ok(!place.file.startsWith('/'), place.file);
    }
  });

  test('of a file whose map is broken, missing or elsewhere on the network is the compiled line', () => {
    for (const map of [
      '{',
      '{"mappings":5}',
      '{"version":3,"sources":[],"mappings":"IAAA"}',
      mapOf('a.ts', { mappings: '!' }),
    ]) {
      write('broken.js.map', map);
      const file = write('broken.js', 'here();\n//# sourceMappingURL=broken.js.map');
      assert.equal(places()(siteAt(frameAt(file, 1, 5))).text, 'here();');
    }
    for (const url of ['https://example.test/a.map', 'gone.map', '']) {
      const file = write('far.js', `here();\n//# sourceMappingURL=${url}`);
      assert.equal(places()(siteAt(frameAt(file, 1, 5))).text, 'here();');
    }
  });

  test('is read once a site', () => {
    const file = write('once.js', 'first');
    const placeOf = places();
    const site = siteAt(frameAt(file, 1, 1));
    const place = placeOf(site);
    write('once.js', 'second');
    assert.equal(placeOf(site), place);
    assert.equal(place.text, 'first');
  });
});
