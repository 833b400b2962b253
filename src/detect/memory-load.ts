/** Bytes at a time, and what may rightly need them: work under way, work that begins a second. */
export interface LoadedBytes {
  readonly atMs: number;
  readonly bytes: number;
  readonly loads: readonly number[];
}

/** What one unit of load takes of memory: as estimated, and the most that the figures allow for (95 %). */
export interface LoadShare {
  readonly value: number;
  readonly high: number;
  /** Squares of what neither time nor this load explains. */
  readonly left: number;
}

const z = 1.96;
/** Where time explains more than 9 tenths of a load, what it explains of memory cannot be told from what time does. */
const maxOwnShare = 0.1;

/**
 * The coefficient of a load in the regression of bytes on time and that load (by the theorem of Frisch, Waugh and Lovell:
 * bytes and load each without their trend in time). By Little's law what work under way holds is in proportion to it: so
 * no less than nothing, and no more than all. Where the load only rises with time the figures cannot tell one from the other,
 * and the most is all.
 */
export function loadShareOf(points: readonly LoadedBytes[], load: number): LoadShare {
  const loads = points.map((point) => point.loads[load] ?? 0);
  const most = mostBytesOfOne(points, loads);
  const times = points.map(({ atMs }) => atMs);
  const byTime = detrended(
    times,
    points.map(({ bytes }) => bytes),
  );
  const loadByTime = detrended(times, loads);
  const spread = sumOf(loadByTime, (value) => value * value);
  const meanLoad = mean(loads);
  const ownSpread = sumOf(loads, (value) => (value - meanLoad) ** 2);
  // a load that rises in a straight line: which of the two memory follows cannot be told
  if (spread <= maxOwnShare * ownSpread) return { value: 0, high: most, left: sumOf(byTime, (value) => value * value) };
  const share = sumOf(loadByTime, (value, i) => value * (byTime[i] ?? 0)) / spread;
  const left = sumOf(byTime, (value, i) => (value - share * (loadByTime[i] ?? 0)) ** 2);
  const high = share + z * Math.sqrt(left / Math.max(1, points.length - 3) / spread);
  return { value: clamped(share, most), high: clamped(high, most), left };
}

/** The points as they would be under their mean load, each unit of it worth `share` bytes. */
export function withoutLoad(points: readonly LoadedBytes[], load: number, share: number): LoadedBytes[] {
  const meanLoad = mean(points.map(({ loads }) => loads[load] ?? 0));
  return points.map((point) => ({ ...point, bytes: point.bytes - share * ((point.loads[load] ?? 0) - meanLoad) }));
}

/** All that was held over the load that there was, in the half where that is less. */
function mostBytesOfOne(points: readonly LoadedBytes[], loads: readonly number[]): number {
  const bytes = points.map((point) => point.bytes);
  const half = points.length >> 1;
  const [early, late] = [
    ratioOf(bytes.slice(0, half), loads.slice(0, half)),
    ratioOf(bytes.slice(half), loads.slice(half)),
  ];
  return Math.min(early, late);
}

function ratioOf(bytes: readonly number[], loads: readonly number[]): number {
  const load = mean(loads);
  return load > 0 ? mean(bytes) / load : 0;
}

function detrended(times: readonly number[], values: readonly number[]): number[] {
  const [meanTime, meanValue] = [mean(times), mean(values)];
  const spread = sumOf(times, (time) => (time - meanTime) ** 2);
  const slope = spread > 0 ? sumOf(times, (time, i) => (time - meanTime) * ((values[i] ?? 0) - meanValue)) / spread : 0;
  return values.map((value, i) => value - meanValue - slope * ((times[i] ?? 0) - meanTime));
}

const clamped = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

const sumOf = (values: readonly number[], of: (value: number, i: number) => number): number =>
  values.reduce((sum, value, i) => sum + of(value, i), 0);

const mean = (values: readonly number[]): number => sumOf(values, (value) => value) / Math.max(1, values.length);
