export { adopt } from './sdk/adopt.ts';
export { OutliveError, type OutliveErrorCode } from './sdk/outlive-error.ts';
export { scope } from './sdk/scope.ts';
export type { Snapshot } from './sdk/snapshot.ts';
export { findings, flush, onFinding, type OutliveHandle, shutdown, snapshot, start } from './sdk/start.ts';
export { task } from './sdk/task.ts';
export { touch, track, type Tracked, type TrackOptions } from './sdk/track.ts';
export type { Options } from './sdk/config-table.ts';
export type { Finding } from './detect/finding.ts';
