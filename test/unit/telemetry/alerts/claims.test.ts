import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type AlertAction, alertOf } from '../../../../src/telemetry/alerts/alert.ts';
import { Claims } from '../../../../src/telemetry/alerts/claims.ts';
import { type Outcome, taken } from '../../../../src/telemetry/alerts/outcome.ts';
import { someFinding } from '../fake-readings.ts';

const staleMs = 60_000;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'outlive-claims-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One process of a service. @returns whether it has spoken */
function speaker(folder: string, owner: string, at: { wallMs: number }) {
  const claims = new Claims({ folder, channel: 'Slack', owner, staleMs, wallMs: () => at.wallMs });
  return async (action: AlertAction, outcome: Outcome = taken): Promise<boolean> => {
    let spoke = false;
    const alert = alertOf(someFinding(), action, { service: 'shop', instance: 'all the same', describe: () => '' });
    await claims.ifMine(alert, async () => {
      spoke = true;
      return outcome;
    });
    return spoke;
  };
}

test('claims: of eight processes one speaks, goes on to, and closes', async (t) => {
  const folder = folderOf(t);
  const at = { wallMs: Date.now() };
  const all = Array.from({ length: 8 }, (_, i) => speaker(folder, `p${i}`, at));
  const opened = await Promise.all(all.map((speak) => speak('open')));
  assert.equal(opened.filter(Boolean).length, 1, opened.join());
  assert.deepEqual(await Promise.all(all.map((speak) => speak('update'))), opened);
  assert.deepEqual(await Promise.all(all.map((speak) => speak('close'))), opened);
  assert.deepEqual(readdirSync(folder), []);
});

test('claims: of one whose owner is gone the next one takes hold', async (t) => {
  const folder = folderOf(t);
  const at = { wallMs: Date.now() };
  const [first, second] = [speaker(folder, 'first', at), speaker(folder, 'second', at)];
  assert.equal(await first('open'), true);
  at.wallMs += staleMs - 10_000;
  assert.equal(await second('update'), false);
  at.wallMs += 20_000;
  assert.equal(await second('update'), true);
});

test('claims: an owner that is refused gives it up', async (t) => {
  const folder = folderOf(t);
  const at = { wallMs: Date.now() };
  assert.equal(await speaker(folder, 'first', at)('open', { is: 'refused', why: 'HTTP 404' }), true);
  assert.equal(await speaker(folder, 'second', at)('open'), true);
});

test('claims: where the folder cannot be used, all speak, and close', async (t) => {
  const folder = join(folderOf(t), 'not', 'there');
  const at = { wallMs: Date.now() };
  for (const owner of ['first', 'second']) {
    const speak = speaker(folder, owner, at);
    assert.equal(await speak('open'), true);
    assert.equal(await speak('close'), true);
  }
});
