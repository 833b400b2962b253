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
 * The coefficient of a load in the regression of bytes on time, its square and that load (by the theorem of Frisch, Waugh
 * and Lovell: bytes and load each without their course in time). By Little's law what work under way holds is in proportion
 * to it: so no less than nothing, and no more than all. Where the load only rises or bends with time the figures cannot tell
 * one from the other, and the most is all: else an evening's load would straighten what fills up and slows down.
 */
export function loadShareOf(points: readonly LoadedBytes[], load: number): LoadShare {
  const loadOf = (point: LoadedBytes): number => point.loads[load] ?? 0;
  const most = mostBytesOfOne(points, loadOf);
  const times = points.map(({ atMs }) => atMs);
  const bytes = withoutCourse(
    times,
    points.map((point) => point.bytes),
  );
  const loads = points.map(loadOf);
  const bends = withoutCourse(times, loads);
  const bytesLeft = productOf(bytes, bytes);
  const spread = productOf(bends, bends);
  // a load that rises in a line or bends once: which of the two memory follows cannot be told
  if (spread <= maxOwnShare * squaresAbout(loads)) return { value: 0, high: most, left: bytesLeft };
  const shared = productOf(bends, bytes);
  const share = shared / spread;
  const left = Math.max(0, bytesLeft - share * shared);
  const high = share + z * Math.sqrt(left / Math.max(1, points.length - 4) / spread);
  return { value: clamped(share, most), high: clamped(high, most), left };
}

/** What is left of values without what their mean, time and its square explain (Gram and Schmidt). */
function withoutCourse(times: readonly number[], values: readonly number[]): number[] {
  const ones = times.map(() => 1);
  const lines = without(times, ones);
  const bows = without(
    without(
      lines.map((time) => time * time),
      ones,
    ),
    lines,
  );
  return [ones, lines, bows].reduce<number[]>(without, [...values]);
}

function without(values: readonly number[], course: readonly number[]): number[] {
  const squares = productOf(course, course);
  const share = squares > 0 ? productOf(values, course) / squares : 0;
  return values.map((value, i) => value - share * (course[i] ?? 0));
}

const productOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

const squaresAbout = (values: readonly number[]): number => {
  const about = without(
    values,
    values.map(() => 1),
  );
  return productOf(about, about);
};

/** The points as they would be under their mean load, each unit of it worth `share` bytes. */
export function withoutLoad(points: readonly LoadedBytes[], load: number, share: number): LoadedBytes[] {
  if (share === 0) return [...points];
  const meanLoad = meanOf(points, ({ loads }) => loads[load] ?? 0);
  return points.map(({ atMs, bytes, loads }) => ({
    atMs,
    bytes: bytes - share * ((loads[load] ?? 0) - meanLoad),
    loads,
  }));
}

/** All that was held over the load that there was, in the half where that is less. */
function mostBytesOfOne(points: readonly LoadedBytes[], loadOf: (point: LoadedBytes) => number): number {
  const half = points.length >> 1;
  const ratioOf = (part: readonly LoadedBytes[]): number => {
    const load = meanOf(part, loadOf);
    return load > 0 ? meanOf(part, ({ bytes }) => bytes) / load : 0;
  };
  return Math.min(ratioOf(points.slice(0, half)), ratioOf(points.slice(half)));
}

const clamped = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

function meanOf(points: readonly LoadedBytes[], of: (point: LoadedBytes) => number): number {
  let sum = 0;
  for (const point of points) sum += of(point);
  return sum / Math.max(1, points.length);
}
