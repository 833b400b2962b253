// An app that ends by itself while an export is under way, and never shuts telemetry down.
import { setTimeout as sleep } from 'node:timers/promises';
import { finding, startHost } from '../host.ts';

const telemetry = await startHost();
telemetry.emit(finding);
await sleep(400);
console.log('done');
process.on('exit', () => console.log(`exit ${Math.round(performance.now() - doneMs)}`));
const doneMs = performance.now();
