export { adopt } from './sdk/adopt.ts';
export { onAlert } from './sdk/on-alert.ts';
export { onPressure, type Pressure, type PressureListener } from './sdk/on-pressure.ts';
export { OutliveError, type OutliveErrorCode } from './sdk/outlive-error.ts';
export { scope } from './sdk/scope.ts';
export type { Snapshot } from './sdk/snapshot.ts';
export {
  findings,
  flush,
  onFinding,
  type OutliveHandle,
  shutdown,
  snapshot,
  start,
  type StartOptions,
} from './sdk/start.ts';
export { task } from './sdk/task.ts';
export { watchCollection, watchQueue, type QueueProbe, type Unwatch } from './sdk/watch.ts';
export { touch, track, type Tracked, type TrackOptions } from './sdk/track.ts';
export { trackGenerator } from './sdk/track-generator.ts';
export { Outlive } from './sdk/instrumentation.ts';
export type { Options } from './sdk/config-table.ts';
export type { Finding } from './detect/finding.ts';
export type { Alert } from './telemetry/alerts/alert.ts';
export type { AlertHandler } from './telemetry/alerts/handler.ts';
export {
  defineIntegration,
  type Integration,
  type IntegrationDefinition,
  type IntegrationHost,
  type LibraryQueues,
  type LibraryThings,
  type QueueReader,
  type ThingsOptions,
} from './sdk/define-integration.ts';
export { use, type Unuse } from './sdk/use.ts';
