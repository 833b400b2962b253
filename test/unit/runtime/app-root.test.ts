import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { appRootOf, entryOf, ownershipOf } from '../../../src/runtime/app-root.ts';

const gone = () => {
  throw new Error('ENOENT: uv_cwd');
};
let folder = '';
before(() => void (folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'outlive-app-root-')))));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files below the test's folder; the answer is the folder they share. */
function files(name: string, texts: Readonly<Record<string, string>>): string {
  const root = path.join(folder, name);
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

describe('app root', () => {
  test('is the folder of the nearest package.json of the entry script', () => {
    const root = files('plain', { 'package.json': '{"name":"shop"}', 'src/bin/server.js': '' });
    assert.equal(appRootOf({ entry: path.join(root, 'src/bin/server.js'), cwd: folder }), root);
  });

  test('is not the output folder whose package.json only says how its files are loaded', () => {
    const root = files('built', {
      'package.json': '{"scripts":{}}',
      'dist/package.json': '{"type":"module"}',
      'dist/a.js': '',
    });
    assert.equal(appRootOf({ entry: path.join(root, 'dist/a.js'), cwd: folder }), root);
  });

  test('is found for a folder and for a script without its ending', () => {
    const root = files('short', { 'package.json': '{"name":"short"}', 'server.js': '' });
    assert.equal(appRootOf({ entry: root, cwd: folder }), root);
    assert.equal(appRootOf({ entry: path.join(root, 'server'), cwd: folder }), root);
  });

  test('is the package of an installed program, also when it is started by its link in .bin', () => {
    const root = files('installed', {
      'package.json': '{"name":"shop"}',
      'node_modules/@web/files/package.json': '{"name":"@web/files"}',
      'node_modules/@web/files/bin/package.json': '{"name":"inner"}',
      'node_modules/@web/files/bin/files.js': '',
      'node_modules/.bin/readme': '',
    });
    symlinkSync('../@web/files/bin/files.js', path.join(root, 'node_modules/.bin/files'));
    const expected = path.join(root, 'node_modules/@web/files');
    assert.equal(appRootOf({ entry: path.join(root, 'node_modules/.bin/files'), cwd: root }), expected);
  });

  test('is the working directory where no package.json is, if the script lies in it, else the folder of the script', () => {
    const root = files('bare', { 'dist/index.js': '' });
    assert.equal(appRootOf({ entry: path.join(root, 'dist/index.js'), cwd: root }), root);
    const elsewhere = files('elsewhere', { 'x.txt': '' });
    assert.equal(appRootOf({ entry: path.join(root, 'dist/index.js'), cwd: elsewhere }), path.join(root, 'dist'));
  });

  test('without a script is the package of the working directory', () => {
    const root = files('repl', { 'package.json': '{"name":"repl"}', 'sub/x': '' });
    assert.equal(appRootOf({ entry: undefined, cwd: path.join(root, 'sub') }), root);
  });

  test('a broken package.json marks a package as well', () => {
    const root = files('broken', { 'package.json': '{', 'a.js': '' });
    assert.equal(appRootOf({ entry: path.join(root, 'a.js'), cwd: folder }), root);
  });

  test('the entry is the script that a process manager runs, and a lost working directory is survived', () => {
    const { entry, cwd } = entryOf({ argv: ['node', '/pm.js'], env: { pm_exec_path: '/srv/app.js' }, cwd: gone });
    assert.equal(entry, '/srv/app.js');
    assert.equal(cwd, path.parse(process.execPath).root);
  });
});

describe('ownership', () => {
  const shop = ownershipOf({ appRoot: '/srv/shop' });

  test('the app is everything outside node_modules, in its root and out of it', () => {
    assert.ok(shop.isApp('/srv/shop/src/a.js'));
    assert.ok(shop.isApp('/srv/packages/cart/a.js'));
    assert.ok(shop.isApp('/srv/shop/my_node_modules/a.js'));
    assert.ok(!shop.isApp('/srv/shop/node_modules/pg/lib/client.js'));
    assert.ok(!shop.isApp('/srv/shop/.yarn/cache/pg.zip/node_modules/pg/lib/client.js'));
  });

  test('an installed program is an app: its own package, not what it brings along', () => {
    const program = ownershipOf({ appRoot: '/usr/lib/node_modules/files' });
    assert.ok(program.isApp('/usr/lib/node_modules/files/lib/core.js'));
    assert.ok(!program.isApp('/usr/lib/node_modules/files/node_modules/mime/index.js'));
    assert.ok(!program.isApp('/usr/lib/node_modules/files-extra/index.js'));
    assert.ok(program.isApp('/home/me/site/plugin.js'));
  });

  test('bundles, scripts and Windows paths are told by their names', () => {
    assert.ok(shop.isApp('webpack-internal:///./src/a.js'));
    assert.ok(!shop.isApp('webpack-internal:///./node_modules/pg/client.js'));
    assert.ok(shop.isApp('evalmachine.<anonymous>'));
    assert.ok(!shop.isApp('node:net'));
    assert.ok(!shop.isApp('wasm://wasm/9c0a'));
    const windows = ownershipOf({ appRoot: 'C:\\srv\\node_modules\\files' });
    assert.ok(windows.isApp('/C:/srv/node_modules/files/lib/a.mjs'));
    assert.ok(windows.isApp('C:\\srv\\node_modules\\files\\lib\\a.js'));
    assert.ok(!windows.isApp('C:\\srv\\node_modules\\pg\\a.js'));
  });

  test("outlive's own files are nobody's app, its examples and tests are", () => {
    const repository = fileURLToPath(new URL('../../../', import.meta.url));
    assert.ok(shop.isOutlive(`${repository}src/observe/patch.ts`));
    assert.ok(shop.isOutlive(`${repository}integrations/pg/pg.ts`));
    assert.ok(!shop.isApp(`${repository}src/observe/patch.ts`));
    assert.ok(!shop.isOutlive(`${repository}examples/gateway/app.ts`));
    assert.ok(shop.isApp(fileURLToPath(import.meta.url)));
  });

  test('answers stay right when more files were asked for than are remembered', () => {
    for (let n = 0; n < 10_000; n++) assert.ok(shop.isApp(`/srv/shop/page-${n}.js`));
    assert.ok(!shop.isApp('/srv/shop/node_modules/pg/lib/client.js'));
    assert.ok(shop.isApp('/srv/shop/page-0.js'));
  });
});
