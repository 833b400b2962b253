// An app with a worker thread, telemetry in both.
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { startHost } from '../host.ts';

const telemetry = await startHost();
if (isMainThread) {
  const worker = new Worker(fileURLToPath(import.meta.url));
  await new Promise((resolve) => worker.on('exit', resolve));
}
await telemetry.shutdown(5000);
