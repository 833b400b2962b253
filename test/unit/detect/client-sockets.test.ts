import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientSockets } from '../../../src/detect/client-sockets.ts';
import type { Charge } from '../../../src/detect/detector.ts';
import type { Suspicion } from '../../../src/detect/finding.ts';
import type { Connections } from '../../../src/lifetime/connections.ts';
import { Ledger } from '../../../src/lifetime/ledger.ts';
import type { Site } from '../../../src/lifetime/site.ts';
import { stamp } from '../../../src/runtime/stamp.ts';
import { chargesOf } from './charges-of.ts';

const frame = { file: '/app/http.js', line: 3, column: 15, fn: '' };
const site: Site = { id: 1, frame, inApp: true, frames: [frame], libraries: [], captures: 1 };

type Agent = { -readonly [K in keyof Connections]: Connections[K] } & { ended: boolean };

/** A process with one agent, looked at every 10 s. */
function bench(of: Partial<Connections> = {}) {
  let nowMs = 1;
  const ledger = new Ledger({ maxOpen: 1000, nowMs: () => nowMs, adopted: stamp() });
  const type = ledger.defineType({
    kind: 'client',
    name: 'http.Agent',
    probe: {
      endOf: (thing) => ((thing as Agent).ended ? 'released' : undefined),
      connectionsOf: (thing) => ({ ...(thing as Agent) }),
    },
    judgement: 'scope',
    advice: '',
  });
  const detector = new ClientSockets(ledger);
  const agent: Agent = {
    open: 1,
    idle: 0,
    limit: undefined,
    keepsAlive: true,
    requests: 0,
    made: 0,
    ...of,
    ended: false,
  };
  ledger.openSurvivor(ledger.root, agent, type, type.originAt(site));
  return {
    agent,
    unwatch: (): void => ledger.unwatch(type.probe),
    charges: (): readonly Charge[] => chargesOf(detector, ledger.sweepCount, nowMs),
    /** @returns what was said at each sweep */
    run(sweeps: number, step: (agent: Agent, sweep: number) => void = () => {}): (Suspicion | undefined)[] {
      return Array.from({ length: sweeps }, (_, sweep) => {
        step(agent, sweep);
        nowMs += 10_000;
        while (!ledger.sweepSlice(Infinity));
        return chargesOf(detector, ledger.sweepCount, nowMs)[0]?.suspicion;
      });
    },
  };
}

describe('client sockets: a hint', () => {
  it('is an agent that opens ever more, with how many it has and how fast', () => {
    const app = bench();
    const said = app.run(160, (agent, sweep) => (agent.open = 8 + sweep)).filter((one) => one !== undefined);
    const last = said.at(-1);
    assert.deepEqual(
      [last?.type, last?.severity, last?.detector, last?.sockets],
      ['client_sockets', 'info', 'growth', 167],
    );
    assert.ok(Math.abs((last?.rate?.value ?? 0) - 360) < 20, `${last?.rate?.value}`);
    assert.match(last?.advice ?? '', /167 of them are at work.*set a limit/);
    assert.ok(app.run(40, (agent) => (agent.open = 10)).at(-1) === undefined, 'let go: over');
  });

  it('advises no limit that it has: with one for each host, the one for all', () => {
    const growing = (of: Partial<Connections>): string =>
      bench(of)
        .run(160, (agent, sweep) => (agent.open = 8 + sweep))
        .at(-1)?.advice ?? '';
    assert.match(growing({ limitPerHost: 50 }), /`maxSockets` of 50 bounds each host, `maxTotalSockets` would bound/);
    assert.doesNotMatch(growing({ limit: 500, limitPerHost: 50 }), /maxSockets|maxTotalSockets/);
  });

  it('is one that keeps connections and uses none of them again', () => {
    const app = bench({ open: 40, idle: 38 });
    const each = (agent: Agent): void => {
      agent.requests += 4;
      agent.made += 4;
    };
    assert.match(app.run(80, each).at(-1)?.advice ?? '', /38 are kept and idle, and each request connects anew/);
    const reused = app.run(140, (agent) => (agent.requests += 4)).at(-1);
    assert.equal(reused, undefined, 'used again: over');
  });

  it('is one that has more than its own limit', () => {
    const app = bench({ open: 30, limit: 20 });
    assert.match(app.run(80).at(-1)?.advice ?? '', /its limit is 20/);
    app.agent.ended = true;
    assert.equal(app.run(8).at(-1), undefined);
  });

  it('is not watched any more when the hooks of clients are off', () => {
    const app = bench({ open: 30, limit: 20 });
    app.run(80);
    const [charge] = app.charges();
    app.unwatch();
    assert.deepEqual([app.run(1), charge?.whenGone()], [[undefined], 'unwatched']);
  });
});

describe('client sockets: a look-alike that stays silent', () => {
  const silent = (said: readonly unknown[]): void => assert.ok(said.every((one) => one === undefined));

  it('is a pool that ramps up to its limit', () =>
    silent(bench({ limit: 64 }).run(600, (agent, sweep) => (agent.open = Math.min(64, 8 + sweep)))));

  it('is one that opens connections under load and closes them when it is idle, day after day', () =>
    silent(bench().run(3000, (agent, sweep) => (agent.open = Math.round(40 + 30 * Math.sin(sweep / 60))))));

  it('is a burst', () =>
    silent(bench({ open: 10 }).run(400, (agent, sweep) => (agent.open = sweep > 100 && sweep < 130 ? 200 : 10))));

  it('is one whose connections are used again, or not kept', () => {
    const step = (made: number) => (agent: Agent) => {
      agent.requests += 4;
      agent.made += made;
    };
    silent(bench({ open: 40, idle: 38 }).run(200, step(1)));
    silent(bench({ open: 40, idle: 38, keepsAlive: false }).run(200, step(4)));
    silent(bench({ open: 12, idle: 4 }).run(200, step(4)));
  });
});
