import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { MemoryRecord } from '../../../src/detect/memory-record.ts';
import { MemoryStateFile } from '../../../src/sdk/memory-state-file.ts';

const dayMs = 86_400_000;
const baseline = { rssBytes: 80e6, heapUsedBytes: 20e6 };

let folder = '';
let path = '';
let nowMs = 0;
let wallMs = Date.UTC(2030, 0, 1);
let failures: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outlive-state-'));
  path = join(folder, 'memory.json');
  failures = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileAt = (at = path): MemoryStateFile =>
  new MemoryStateFile({
    path: at,
    clock: { nowMs: () => nowMs, wallMs: () => wallMs },
    failed: (where) => void failures.push(where),
  });

const filled = (): MemoryRecord => {
  const record = new MemoryRecord(300_000);
  record.baseline.restore(baseline);
  record.usual.restore([81e6, 82e6]);
  return record;
};

async function restored(at?: string): Promise<MemoryRecord> {
  const record = new MemoryRecord(300_000);
  await fileAt(at).restore(record);
  return record;
}

describe('MON-7: what is kept over a restart', () => {
  test('the baseline and what is usual come back, and nothing else is in the file', async () => {
    await fileAt().save(filled());
    const record = await restored();
    assert.deepEqual(record.baseline.value, baseline);
    assert.deepEqual(record.usual.samples, [81e6, 82e6]);
    const keys = Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object);
    assert.deepEqual(keys.toSorted(), ['baseline', 'savedAtMs', 'usualRssBytes', 'version']);
    assert.deepEqual(readdirSync(folder), ['memory.json']);
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('no file is no trouble', async () => {
    assert.equal((await restored()).baseline.value, undefined);
    assert.deepEqual(failures, []);
  });

  test('a file that is none of ours, or too large, is told of and left out', async () => {
    const bad = [
      '{',
      'null',
      '{"version":2}',
      '{"version":1,"savedAtMs":1,"usualRssBytes":["x"]}',
      '{"version":1,"savedAtMs":1,"usualRssBytes":[-1]}',
      '{"version":1,"savedAtMs":1,"baseline":null,"usualRssBytes":[]}',
      '{"version":1,"savedAtMs":1,"baseline":{"rssBytes":1},"usualRssBytes":[]}',
      `{"version":1,"savedAtMs":1,"usualRssBytes":[${'1,'.repeat(512)}1]}`,
      `"${'x'.repeat(70_000)}"`,
    ];
    for (const text of bad) {
      writeFileSync(path, text);
      assert.equal((await restored()).baseline.value, undefined);
    }
    assert.equal(failures.length, bad.length);
  });

  test('a file older than 30 days is as none', async () => {
    await fileAt().save(filled());
    wallMs += 31 * dayMs;
    assert.equal((await restored()).baseline.value, undefined);
  });

  test('a folder that is not there is told of, the process goes on', async () => {
    await fileAt(join(folder, 'none', 'memory.json')).save(filled());
    assert.deepEqual(failures, ['writing memoryStateFile']);
  });

  test('it is written at most every five minutes', async () => {
    const file = fileAt();
    file.saveIfDue(filled());
    nowMs += 299_000;
    file.saveIfDue(filled());
    assert.deepEqual(readdirSync(folder), []);
    nowMs += 1_000;
    file.saveIfDue(filled());
    // waits for the one that is under way
    await file.save(filled());
    assert.deepEqual(readdirSync(folder), ['memory.json']);
  });
});
