// What stands before the app: outlive, and the class of p-queue that the app works with.
//   node --import ./examples/mail-queue/watch.mjs examples/mail-queue/app.mjs      (after `npm run build`; takes 12 s)
import PQueue from 'p-queue';
import { onFinding, start } from 'outlive';
import { pQueue } from 'outlive/p-queue';

start({
  sweepIntervalMs: 50, // so that it takes seconds: every window of judgement is counted in sweeps
  stderr: 'off',
  integrations: [pQueue(PQueue)],
});

onFinding(({ state, type, place, resourceType, count }) => {
  if (state !== 'updated')
    console.log(`${state} ${type} at ${place?.file}:${place?.line}: ${count} wait in ${resourceType}`);
});
