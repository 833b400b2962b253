import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { HealthyJob } from '../../../bench/detection/jobs.ts';
import { Results } from '../../../bench/detection/results.ts';

const job: HealthyJob = { sort: 'healthy', setting: 'iid', days: 1, seed: 7 };
const heapJob: HealthyJob = { ...job, setting: 'heapDrift' };
const outcome = { alarms: [], days: 1 };

function inFile(told: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  try {
    told(join(folder, 'out.jsonl'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('results of the simulator', () => {
  it('are there when it is started again, of the same constants only', () => {
    inFile((path) => {
      new Results(path, 'as_they_are').add(job, outcome);
      assert.deepEqual(new Results(path, 'as_they_are').of(job), outcome);
      assert.equal(new Results(path, 'half').of(job), undefined);
      assert.equal(new Results(path, 'as_they_are').of({ ...job, seed: 8 }), undefined);
    });
  });

  it('of a heap hang on more of the code than others', () => {
    inFile((path) => {
      const results = new Results(path, 'as_they_are');
      results.add(job, outcome);
      results.add(heapJob, outcome);
      const builds = readFileSync(path, 'utf8').match(/"build":"\w+"/g) ?? [];
      assert.equal(new Set(builds).size, 2);
      assert.deepEqual(new Results(path, 'as_they_are').of(heapJob), outcome);
    });
  });

  it('of another build are left out, and counted', () => {
    inFile((path) => {
      new Results(path, 'as_they_are').add(job, outcome);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"build":"\w+"/, '"build":"another"'));
      const results = new Results(path, 'as_they_are');
      assert.equal(results.of(job), undefined);
      assert.equal(results.ofOtherBuilds, 1);
    });
  });
});
