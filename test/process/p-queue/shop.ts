// Queues of p-queue, each made at a line of its own: `mails` grows for good, `receipts` is filled in bursts that drain,
// `exports` grows until it is told of and is worked off then, `calls` has no limit and its tasks never settle.
import PQueue from 'p-queue';
import { setTimeout as delay } from 'node:timers/promises';
import { pQueue } from '../../../integrations/p-queue/p-queue.ts';
import { onFinding, start, use } from '../../../src/index.ts';

const integration = pQueue(PQueue);
if (process.argv.includes('start')) start({ integrations: [integration], sweepIntervalMs: 50 });
else use(integration);

const mails = new PQueue({ concurrency: 1 }); // leak: mails
const receipts = new PQueue({ concurrency: 4 }); // bursts: receipts
const exports = new PQueue({ concurrency: 1 }); // late: exports
const calls = new PQueue(); // leak: calls

let turn = 0;
const { promise: disk, resolve: diskIsBack } = Promise.withResolvers<void>();
let diskIsDown = true;

const load = setInterval(() => {
  turn++;
  for (let i = 0; i < 2; i++) void mails.add(() => delay(20));
  if (turn % 150 === 1) void receipts.addAll(Array.from({ length: 200 }, () => () => delay(5)));
  if (diskIsDown) void exports.add(() => disk);
  void calls.add(() => new Promise(() => {}));
}, 10);

const seen: Record<string, string> = {};
onFinding(({ type, state, place, resourceType, count, opened, oldestAgeMs, scopeName }) => {
  if (state === 'updated') return;
  console.log(JSON.stringify({ type, state, line: place?.text, resourceType, count, opened, oldestAgeMs, scopeName }));
  seen[place?.text ?? ''] = state;
  const stateOf = (name: string): string | undefined => Object.entries(seen).find(([line]) => line.endsWith(name))?.[1];
  if (stateOf('late: exports') === 'raised' && diskIsDown) {
    diskIsDown = false;
    diskIsBack();
  }
  if (stateOf('late: exports') === 'resolved' && stateOf('leak: mails') && stateOf('leak: calls')) process.exit(0);
});
void load;
