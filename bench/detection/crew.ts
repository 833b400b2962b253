import { Worker } from 'node:worker_threads';
import type { Scaling } from './constants.ts';
import type { Job, Outcome } from './jobs.ts';

const script = new URL('worker.ts', import.meta.url);

/** Runs jobs in so many threads; what each gives is told as it comes. Rejects when a thread fails. */
export async function runJobs(
  jobs: readonly Job[],
  o: {
    readonly threads: number;
    readonly scaling: Scaling;
    /** On `performance.now()`: no job is begun after it. */
    readonly untilMs: number;
    readonly told: (job: Job, outcome: Outcome) => void;
  },
): Promise<void> {
  const waiting = [...jobs];
  const runOne = async (): Promise<void> => {
    const worker = new Worker(script, { workerData: { scaling: o.scaling } });
    try {
      for (let job = waiting.shift(); job !== undefined && performance.now() < o.untilMs; job = waiting.shift()) {
        o.told(job, await outcomeOf(worker, job));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: o.threads }, runOne));
}

const outcomeOf = (worker: Worker, job: Job): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (outcome: Outcome) => {
      worker.off('error', reject);
      resolve(outcome);
    });
    worker.postMessage(job);
  });
