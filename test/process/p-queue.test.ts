import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../src/index.ts';
import { running } from './telemetry/run.ts';

const shop = fileURLToPath(new URL('p-queue/shop.ts', import.meta.url));
const register = new URL('../../src/register.ts', import.meta.url).href;
const env = { OUTLIVE_SWEEP_INTERVAL_MS: '50', OUTLIVE_STDERR: 'off' };

/** One line that it prints of each finding that is raised, resolved or retracted. */
type Told = Pick<Finding, 'type' | 'state' | 'resourceType' | 'count' | 'oldestAgeMs'> & { readonly line: string };

const waysToStart = {
  'node --import outlive/register, and use()': ['--import', register, shop],
  'start({ integrations })': [shop, 'start'],
};

for (const [way, args] of Object.entries(waysToStart)) {
  describe(`queues of p-queue, by ${way}`, { concurrency: true }, () => {
    const ended = running(['--disable-warning=ExperimentalWarning', ...args], env).ended;
    const told = ended.then(({ stdout }) =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Told),
    );
    const of = async (name: string): Promise<Told[]> => (await told).filter(({ line }) => line.endsWith(name));

    test('one that grows is told at the line that made it, and since when its oldest task waits', async () => {
      const { code, stderr } = await ended;
      assert.deepEqual([code, stderr], [0, '']);
      const [mails, ...more] = await of('leak: mails');
      assert.deepEqual([mails?.type, mails?.state, more], ['growing_queue', 'raised', []]);
      assert.match(mails?.resourceType ?? '', /^p-queue .*shop\.ts:12$/);
      assert.ok((mails?.oldestAgeMs ?? 0) > 1000, `waits for ${mails?.oldestAgeMs} ms`);
    });

    test('one without a limit whose tasks never settle is told as well', async () => {
      assert.deepEqual(
        (await of('leak: calls')).map(({ type, state }) => [type, state]),
        [['growing_queue', 'raised']],
      );
    });

    test('one that is worked off late is resolved', async () => {
      assert.deepEqual(
        (await of('late: exports')).map(({ state }) => state),
        ['raised', 'resolved'],
      );
    });

    test('bursts that drain are nobody’s business, and nothing else is told', async () => {
      assert.deepEqual(await of('bursts: receipts'), []);
      assert.deepEqual([...new Set((await told).map(({ type }) => type))], ['growing_queue']);
    });
  });
}

/** An app that has version 5 and uses it as well as it can. */
const oldApp = `
import PQueue from 'p-queue';
import { use } from '${new URL('../../src/index.ts', import.meta.url).href}';
import { pQueue } from '${new URL('../../integrations/p-queue/p-queue.ts', import.meta.url).href}';
const { add } = PQueue.prototype;
use(pQueue(PQueue));
use(pQueue(PQueue));
console.log(PQueue.prototype.add === add, new PQueue().add());
`;
const oldPQueue = `
export default class PQueue {
  add() { return 'as it was'; }
  get size() { return 0; }
  get pending() { return 0; }
  get concurrency() { return 1; }
  set concurrency(value) {}
}
`;

test('a version of p-queue that is not known is left alone, and that is said in one line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-old-p-queue-'));
  try {
    const installed = join(folder, 'node_modules/p-queue');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ version: '5.0.0', type: 'module', main: 'p.js' }));
    writeFileSync(join(installed, 'p.js'), oldPQueue);
    writeFileSync(join(folder, 'app.mjs'), oldApp);
    const { code, stdout, stderr } = await running(['--import', register, join(folder, 'app.mjs')], env).ended;
    assert.deepEqual([code, stdout], [0, 'true as it was\n']);
    const ours = stderr.split('\n').filter((line) => line.startsWith('outlive: '));
    assert.deepEqual(ours, [
      'outlive: the integration of p-queue stays off: it knows versions 6, 7, 8, 9, 10, and 5.0.0 is installed',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
