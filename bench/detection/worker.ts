import { parentPort, workerData } from 'node:worker_threads';
import type { Scaling } from './constants.ts';
import { type Job, runJob } from './jobs.ts';
import { simulateCollector } from './thing.ts';

simulateCollector();
const { scaling } = workerData as { scaling: Scaling };
parentPort?.on('message', (job: Job) => parentPort?.postMessage(runJob(job, scaling)));
