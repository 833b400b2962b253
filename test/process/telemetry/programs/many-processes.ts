// An app that runs as several processes and threads, named by its arguments: fork, spawn, cluster, worker. Each ends by itself.
import { fork, spawn } from 'node:child_process';
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';

const self = fileURLToPath(import.meta.url);
const ended = (emitter: { once(event: 'exit', fn: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => void emitter.once('exit', resolve));

const starts: Readonly<Record<string, () => Promise<void>>> = {
  fork: () => ended(fork(self, ['leaf'])),
  spawn: () => ended(spawn(process.execPath, [self, 'leaf'], { stdio: 'inherit' })),
  worker: () => ended(new Worker(self)),
  cluster: async () => {
    await Promise.all([ended(cluster.fork().process), ended(cluster.fork().process)]);
  },
};

const isLeaf = !isMainThread || cluster.isWorker || process.argv[2] === 'leaf';
if (!isLeaf) await Promise.all(process.argv.slice(2).map((name) => starts[name]?.() ?? Promise.resolve()));
else await sleep(3_000);
if (cluster.isWorker) cluster.worker?.disconnect();
