import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attributed as attributing } from '../../../src/detect/causes.ts';
import { chargeOf, siteOf } from './charge.ts';
import { resultOf } from './result-of.ts';

const attributed = (...charges: Parameters<typeof attributing>) => resultOf(attributing(...charges));

const typesOf = (charges: Parameters<typeof attributed>[0], told?: ReadonlySet<string>) =>
  attributed(charges, told).causes.map(({ suspicion }) => suspicion.resourceType);

const linesOf = (charges: Parameters<typeof attributed>[0]) =>
  attributed(charges).causes.map(({ suspicion }) => suspicion.site?.frame.line);

describe('causes', () => {
  test('a client and its socket, opened at one line, are one', () => {
    const site = siteOf('node_modules/pg/client.js:60', 'app.js:8:find');
    const client = chargeOf({ site });
    const socket = chargeOf({
      site: siteOf('node_modules/pg/connection.js:20', 'app.js:8:find'),
      kind: 'socket',
      resourceType: 'net.Socket',
    });
    assert.deepEqual(typesOf([socket, client]), ['pg.Client']);
  });

  test('a generator owns the client that it made, whose stack passes through its line', () => {
    const generator = chargeOf({ kind: 'generator', resourceType: 'AsyncGenerator', site: siteOf('app.js:22:first') });
    const client = chargeOf({ site: siteOf('node_modules/pg/client.js:60', 'app.js:8:pages', 'app.js:22:first') });
    assert.deepEqual(typesOf([client, generator]), ['AsyncGenerator']);
  });

  test('an agent owns pools, clients and sockets that its library opened for it elsewhere, several for each', () => {
    const deep = [
      'node_modules/undici/pool.js:1',
      'node_modules/undici/agent.js:2',
      'node_modules/undici/api.js:3',
      'app.js:33:embed',
    ];
    const agent = chargeOf({
      resourceType: 'undici.Agent',
      site: siteOf('node_modules/undici/agent.js:9', 'app.js:6:connections'),
      count: 40,
    });
    const client = chargeOf({ resourceType: 'undici.Client', site: siteOf(...deep), count: 75 });
    const socket = chargeOf({ resourceType: 'net.Socket', kind: 'socket', site: siteOf(...deep), count: 20 });
    assert.deepEqual(typesOf([socket, client, agent], new Set([client.key])), ['undici.Agent']);
  });

  test('work that waits in the function whose listeners pile up is one with them, elsewhere it is not', () => {
    const listener = chargeOf({
      kind: 'listener',
      resourceType: "EventEmitter 'quote'",
      site: siteOf('app.js:9:stream'),
    });
    const waits = (at: string) => chargeOf({ kind: 'context', resourceType: 'Promise', site: siteOf(at), count: 900 });
    assert.deepEqual(typesOf([waits('app.js:12:stream'), listener]), ["EventEmitter 'quote'"]);
    assert.equal(attributed([waits('app.js:40:audit'), listener]).causes.length, 2);
  });

  test('what two things have of a framework above the app is no common cause', () => {
    const generator = chargeOf({
      kind: 'generator',
      resourceType: 'AsyncGenerator',
      site: siteOf('app.js:14:stream', 'node_modules/fastify/handle.js:1'),
    });
    const agent = chargeOf({
      resourceType: 'undici.Agent',
      site: siteOf('node_modules/undici/agent.js:9', 'app.js:6:connections', 'node_modules/fastify/handle.js:1'),
    });
    assert.equal(attributed([generator, agent]).causes.length, 2);
  });

  test('growth of the heap goes with what was left open in the same function, each other function is told', () => {
    const growth = (...at: readonly string[]) =>
      chargeOf({ kind: 'heap', type: 'heap_growth', resourceType: 'heap', site: siteOf(...at), scopeName: undefined });
    const client = chargeOf({ site: siteOf('node_modules/pg/client.js:60', 'app.js:8:find') });
    const within = growth('node_modules/pg/client.js:1', 'app.js:7:find');
    const inner = growth('app.js:20:inner', 'app.js:30:outer');
    const outer = growth('app.js:30:outer');
    assert.deepEqual(typesOf([within, client]), ['pg.Client']);
    assert.deepEqual(typesOf([inner, outer]), ['heap', 'heap']);
  });

  test('two clients of one type leaked at two lines are two', () => {
    const one = chargeOf({ site: siteOf('node_modules/pg/client.js:60', 'app.js:8:find') });
    const other = chargeOf({ site: siteOf('node_modules/pg/client.js:60', 'app.js:90:save') });
    assert.equal(attributed([one, other]).causes.length, 2);
  });

  test('of what one line of a library opens, the part that was traced to a call of the app goes with the rest', () => {
    const line = siteOf('node_modules/pouchdb/changes.js:34:changes');
    const traced = { ...siteOf('node_modules/pouchdb/auth.js:94', 'cors.js:46'), openedAt: line.frame };
    const of = (count: number, site: typeof line) =>
      chargeOf({ kind: 'timer', resourceType: 'setInterval', site, count });
    assert.deepEqual(linesOf([of(88, traced), of(3308, line)]), [34]);
    assert.deepEqual(linesOf([of(3308, traced), of(88, line)]), [46, 34]);
    assert.deepEqual(
      linesOf([of(88, { ...traced, openedAt: siteOf('node_modules/pouchdb/db.js:3').frame }), of(3308, line)]),
      [46, 34],
    );
  });

  test('queues that one line watches are a cause each', () => {
    const site = siteOf('app.js:5:watchAll');
    const queue = (resourceType: string) => chargeOf({ kind: 'queue', type: 'growing_queue', resourceType, site });
    assert.deepEqual(typesOf([queue('mail'), queue('billing')]).toSorted(), ['billing', 'mail']);
  });

  test('what no line of the app is known for goes with the cause of the same scope and number', () => {
    const agent = chargeOf({ resourceType: 'Mailer', site: siteOf('app.js:8:welcome') });
    const lost = chargeOf({
      kind: 'socket',
      resourceType: 'net.Socket',
      site: siteOf('node_modules/mail/connect.js:3'),
      count: 38,
    });
    const elsewhere = chargeOf({
      kind: 'socket',
      resourceType: 'net.Socket',
      site: siteOf('node_modules/mq/connect.js:3'),
      scopeName: 'POST /jobs',
      count: 38,
    });
    assert.deepEqual(
      attributed([lost, agent, elsewhere]).causes.map(({ key }) => key),
      [agent.key, elsewhere.key],
    );
  });

  test('of two rules at one line the one with proof is told', () => {
    const site = siteOf('app.js:3:open');
    const likely = chargeOf({ kind: 'stream', site, key: 'outlived', count: 90 });
    const certain = chargeOf({ kind: 'stream', site, key: 'abandoned', certainty: 'certain', count: 4 });
    assert.deepEqual(
      attributed([likely, certain], new Set(['outlived'])).causes.map(({ key }) => key),
      ['abandoned'],
    );
  });

  test('what it looks at goes with the number of charges, not with its square, and each is a place to pause', () => {
    const looksFor = (many: number) => {
      let looks = 0;
      const charges = Array.from({ length: many }, (_, i) => {
        const charge = chargeOf({
          kind: i % 2 === 0 ? 'client' : 'socket',
          resourceType: i % 2 === 0 ? 'pg.Client' : 'net.Socket',
          site: siteOf('node_modules/pg/client.js:60', `app.js:${i}:find`),
          count: 40 + i,
        });
        const { site } = charge.suspicion;
        const suspicion = Object.defineProperty({ ...charge.suspicion }, 'site', { get: () => (looks++, site) });
        return { ...charge, suspicion };
      });
      const pauses = [...attributing(charges)].length;
      assert.equal(pauses, many);
      return looks;
    };
    const [few, many] = [looksFor(100), looksFor(800)];
    assert.ok(many < 12 * few, `${few} looks for 100, ${many} for 800`);
  });
});
