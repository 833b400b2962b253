import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame } from '../../../src/lifetime/site.ts';
import { SiteTable } from '../../../src/lifetime/site-table.ts';
import { libraryOf } from '../../../src/lifetime/library.ts';

const table = (maxSites?: number) =>
  new SiteTable(
    {
      isApp: (file) => file.startsWith('/app/') && !file.includes('node_modules/'),
      isOutlive: (file) => file.startsWith('/outlive/'),
    },
    maxSites,
  );
const frame = (file: string, line = 1, fn = ''): Frame => ({ file, line, column: 3, fn });

describe('sites: the line of the app that opened something', () => {
  const stack = [
    frame('/outlive/hook.js'),
    frame('/app/node_modules/pg/lib/client.js'),
    frame('/app/node_modules/@redis/client/dist/index.js'),
    frame('/app/src/orders.js', 12, 'handler'),
    frame('/app/src/server.js', 4),
  ];

  it('is the first frame in the app’s own code', () => {
    const site = table().siteOf(stack);
    assert.deepEqual(site?.frame, frame('/app/src/orders.js', 12, 'handler'));
    assert.equal(site.inApp, true);
    assert.deepEqual(site.libraries, ['pg', '@redis/client']);
    assert.ok(site.frames.every(({ file }) => !file.startsWith('/outlive/')));
  });

  it('is the innermost library frame where the app is not on the stack', () => {
    const site = table().siteOf(stack.slice(0, 3));
    assert.equal(site?.frame.file, '/app/node_modules/pg/lib/client.js');
    assert.equal(site.inApp, false);
  });

  it('is none where only outlive and Node are on the stack', () => {
    assert.equal(table().siteOf([frame('/outlive/hook.js')]), null);
    assert.equal(table().siteOf([]), null);
  });

  it('is one object a place, whatever led there', () => {
    const sites = table();
    const first = sites.siteOf(stack);
    assert.equal(sites.siteOf([frame('/app/src/orders.js', 12, 'handler')]), first);
    assert.equal(first?.captures, 2);
    assert.notEqual(sites.siteOf([frame('/app/src/orders.js', 13)]), first);
  });

  it('is another for a thing of another sort, whose libraries are its own', () => {
    const sites = table();
    const line = frame('/app/src/orders.js', 12, 'handler');
    const timer = sites.siteOf([frame('/app/node_modules/sdk/call.js'), line], 'Timeout');
    const pool = sites.siteOf([frame('/app/node_modules/undici/agent.js'), line], 'undici.Pool');
    assert.deepEqual([timer?.libraries, pool?.libraries], [['sdk'], ['undici']]);
    assert.ok(timer && pool && timer.id !== pool.id);
    assert.equal(sites.siteAt(timer, 'undici.Pool'), pool, 'one that comes without a line of the app joins them');
    const openedAt = frame('/app/node_modules/sdk/socket.js', 3);
    assert.equal(sites.siteAt(timer, 'net.Socket', openedAt)?.openedAt, openedAt);
  });

  it('keeps at most 8 frames and counts what came beyond its size', () => {
    const sites = table(2);
    const deep = Array.from({ length: 40 }, (_, i) => frame('/app/deep.js', i + 1));
    assert.equal(sites.siteOf(deep)?.frames.length, 8);
    assert.ok(sites.siteOf([frame('/app/a.js')]));
    assert.equal(sites.siteOf([frame('/app/b.js')]), null);
    assert.equal(sites.dropped, 1);
    assert.ok(sites.siteOf([frame('/app/a.js')]), 'what is known stays known');
  });
});

describe('the package of a file', () => {
  for (const [file, library] of [
    ['/app/src/a.js', ''],
    ['/app/node_modules/pg/lib/client.js', 'pg'],
    ['/app/node_modules/@redis/client/dist/index.js', '@redis/client'],
    ['/app/node_modules/a/node_modules/b/index.js', 'b'],
    ['/app/node_modules/.pnpm/pg@8/node_modules/pg/index.js', 'pg'],
  ] as const) {
    it(`of ${file} is '${library}'`, () => assert.equal(libraryOf(file), library));
  }
});
