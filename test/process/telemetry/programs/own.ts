// An app without any OpenTelemetry of its own: telemetry goes where the environment says.
import { setTimeout as sleep } from 'node:timers/promises';
import { finding, startHost } from '../host.ts';

const telemetry = await startHost();
globalThis.gc?.();
await sleep(20);
telemetry.emit(finding);
await telemetry.flush(5000);
telemetry.emit({ ...finding, state: 'resolved' });
const through = await telemetry.shutdown(5000);
console.log(JSON.stringify({ through }));
