// Preloaded into an app with `--import`: starts telemetry once the app has had its first turn.
import { ownTimers } from '../../../../src/runtime/timers.ts';
import { finding, startHost } from '../host.ts';

async function preload(): Promise<void> {
  const telemetry = await startHost();
  ownTimers.setTimeout(() => telemetry.emit(finding), 1000);
  ownTimers.setTimeout(() => void telemetry.flush(1000), 1050);
}

ownTimers.setImmediate(() => void preload());
