import assert from 'node:assert/strict';
import http, { type ServerResponse } from 'node:http';
import { afterEach, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RetainedScopes } from '../../../../src/detect/retained-scopes.ts';
import { PendingPlaces } from '../../../../src/lifetime/pending-places.ts';
import type { ScopeContext } from '../../../../src/observe/context/scope-context.ts';
import type { Hook } from '../../../../src/observe/hook.ts';
import { httpServers } from '../../../../src/observe/hooks/http.ts';
import { endedScopeSamples, tasks } from '../../../../src/observe/hooks/tasks.ts';
import { isPending } from '../../../../src/runtime/promise-births.ts';
import { collectGarbage, observed } from '../observed.ts';
import { served } from '../served.ts';
import { chargesOf } from '../../detect/charges-of.ts';

let detach = (): void => {};
afterEach(() => detach());

/** Requests under a real collector: a major collection at each sweep that says so. */
function observedTasks(others: readonly Hook[] = [], context: ScopeContext['mechanism'] = 'async-local-storage') {
  let majors = 0;
  const retained = endedScopeSamples(
    () => majors,
    () => o.observer.context,
  );
  const places = new PendingPlaces(isPending);
  const o = observed({ hooks: [...others, tasks({ retained, places })], context });
  detach = o.detach;
  const detector = new RetainedScopes({
    ledger: o.ledger,
    samples: retained,
    places,
    majorGcCount: () => majors,
    explained: () => new Set(),
    alsoLookedFor: () => new Set(),
  });
  return {
    ...o,
    retained,
    places,
    async sweepAll(step: () => Promise<unknown>, sweeps: number) {
      let charges = chargesOf(detector, 0, 0);
      for (let i = 0; i < sweeps; i++) {
        await step();
        if (i % 8 === 7) {
          await collectGarbage();
          majors++;
        }
        o.sweep();
        charges = chargesOf(detector, o.ledger.sweepCount, o.ledger.nowMs);
      }
      return charges;
    },
  };
}

const receipts: (() => void)[] = [];
async function audited(entry: number): Promise<void> {
  await nextTurn();
  await new Promise<void>((resolve) => (entry % 2 === 0 ? resolve() : receipts.push(resolve)));
}

describe('tasks: with the real collector', () => {
  test('work that waits for ever is accused at the line where it waits', async () => {
    const { sweepAll, inRequest } = observedTasks();
    let n = 0;
    const pending: Promise<void>[] = [];
    const request = (): Promise<unknown> =>
      inRequest('POST /chat', async () => {
        pending.push(audited(n++));
        await nextTurn();
      });
    const charges = await sweepAll(request, 140);
    assert.equal(charges.length, 1);
    const { suspicion } = charges[0] ?? assert.fail();
    assert.equal(suspicion.scopeName, 'POST /chat');
    assert.equal(suspicion.site?.frame.fn, 'audited');
    assert.match(suspicion.site.frame.file, /tasks\.test\.ts$/);
    for (const settle of receipts.splice(0)) settle();
    await Promise.all(pending);
  });

  test('it is found beside a crowd of requests that make promises without end and leak at lines of their own', async () => {
    const { sweepAll, inRequest, observer, ledger } = observedTasks();
    const probe = { endOf: () => undefined };
    const type = ledger.defineType({ kind: 'timer', name: 'Timeout', probe, judgement: 'scope', advice: '' });
    type.suspectForSweeps = Infinity;
    let n = 0;
    const step = async (): Promise<void> => {
      await inRequest('POST /stream', async () => {
        for (let i = 0; i < 600; i++) {
          await new Promise<void>((resolve) => resolve());
          if (i < 20) observer.open({}, type);
        }
      });
      await inRequest('POST /chat', async () => {
        void audited(n++);
        await nextTurn();
      });
    };
    const charges = await sweepAll(step, 140);
    assert.deepEqual(
      charges.map(({ suspicion }) => [suspicion.scopeName, suspicion.site?.frame.fn]),
      [['POST /chat', 'audited']],
    );
    for (const settle of receipts.splice(0)) settle();
  });

  test('work that settles after its request is silent, and leaves nothing', async () => {
    const { sweepAll, inRequest, retained, places } = observedTasks();
    let asked = 0;
    places.births.offer(() => (asked++, () => {}));
    const request = (): Promise<unknown> =>
      inRequest('POST /chat', async () => {
        void audited(0);
        await nextTurn();
      });
    assert.deepEqual(await sweepAll(request, 100), []);
    assert.equal(asked, 0);
    const [watch] = retained;
    assert.equal(watch?.kept.length, 0);
    assert.ok((watch?.cohorts.at(5)?.judged ?? 0) > 0);
  });

  test('what is held by an open lifetime of its scope is that one, and told with it', async () => {
    const { sweepAll, inRequest, ledger, observer, sweep } = observedTasks();
    const probe = { endOf: () => undefined };
    const type = ledger.defineType({ kind: 'timer', name: 'Timeout', probe, judgement: 'scope', advice: '' });
    const timers: NodeJS.Timeout[] = [];
    let n = 0;
    const request = (): Promise<unknown> =>
      inRequest('GET /poll', () => {
        const timer = setInterval(() => {}, 100_000);
        timers.push(timer);
        observer.open(timer, type);
        // some requests are there longer than a sweep, so that the lifetime is in a row already
        if (n++ % 2 === 0) sweep();
      });
    assert.deepEqual(await sweepAll(request, 120), []);
    for (const timer of timers) clearInterval(timer);
  });

  test('the last request of each connection is silent, however many connections a leak of others has pinned', async () => {
    const { sweepAll, retained } = observedTasks([httpServers]);
    // what is leaked: each pins its connection, whose timer holds the context of the request that came last on it
    const pinned: ServerResponse[] = [];
    const server = await served(
      http.createServer((request, response) => {
        if (request.method === 'PUT') pinned.push(response);
        response.end();
      }),
    );
    const step = async (): Promise<void> => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      await server.get('/', { agent, method: 'PUT' });
      await server.get('/', { agent });
      agent.destroy();
    };
    const charges = await sweepAll(step, 140);
    await server.close();
    const accused = charges.map(({ suspicion }) => suspicion.scopeName);
    assert.ok(!accused.includes('GET *'), accused.join());
    const later = [...retained].find(({ name }) => name === 'GET *') ?? assert.fail();
    assert.ok(later.born >= 130, `${later.born} ended`);
    assert.equal(later.kept.length, 0);
    assert.equal(pinned.length, 140);
  });

  for (const mechanism of ['async-local-storage', 'cls-hooked'] as const)
    test(`the last request of each connection that is idle is not taken for retained work, with ${mechanism}`, async () => {
      const { sweepAll, retained } = observedTasks([httpServers], mechanism);
      const server = await served(http.createServer((_request, response) => void response.end()));
      const agents: http.Agent[] = [];
      const step = async (): Promise<void> => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        agents.push(agent);
        await server.get('/', { agent });
      };
      await sweepAll(step, 60);
      const { kept, born } = [...retained].find(({ name }) => name === 'GET *') ?? assert.fail();
      for (const agent of agents) agent.destroy();
      await server.close();
      assert.deepEqual([born, kept.length], [60, 0]);
    });

  test('the promises of other work are noted for moments only, and detach ends all', async () => {
    const { places, retained, detach: detachTasks, inRequest, ledger } = observedTasks();
    const births = { sweep: 1, majors: 0, names: new Set(['POST /chat']) };
    places.look(births);
    assert.equal(places.births.underWay, true);
    await inRequest('GET /many', async () => {
      for (let i = 0; i < 66_000; i++) await Promise.resolve(i);
    });
    assert.equal(places.births.underWay, false, 'at most 65,536 births are looked past in a sweep');
    places.look(births);
    assert.equal(places.births.underWay, true);
    detachTasks();
    assert.equal(places.births.underWay, false);
    ledger.endScope(ledger.openScope('request', 'GET /after', undefined));
    assert.deepEqual([...retained], []);
  });
});
