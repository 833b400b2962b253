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
  const loadOf = (point: LoadedBytes): number => point.loads[load] ?? 0;
  const most = mostBytesOfOne(points, loadOf);
  const { times, bytes, loads, timesBytes, timesLoads, loadsBytes } = productsOf(points, loadOf);
  const [byTime, loadByTime] = times > 0 ? [timesBytes / times, timesLoads / times] : [0, 0];
  const bytesLeft = bytes - byTime * timesBytes;
  const spread = loads - loadByTime * timesLoads;
  // a load that rises in a straight line: which of the two memory follows cannot be told
  if (spread <= maxOwnShare * loads) return { value: 0, high: most, left: bytesLeft };
  const shared = loadsBytes - loadByTime * timesBytes;
  const share = shared / spread;
  const left = Math.max(0, bytesLeft - share * shared);
  const high = share + z * Math.sqrt(left / Math.max(1, points.length - 3) / spread);
  return { value: clamped(share, most), high: clamped(high, most), left };
}

/** Sums of squares and of products, each about the mean. */
interface Products {
  times: number;
  bytes: number;
  loads: number;
  timesBytes: number;
  timesLoads: number;
  loadsBytes: number;
}

function productsOf(points: readonly LoadedBytes[], loadOf: (point: LoadedBytes) => number): Products {
  const meanTime = meanOf(points, ({ atMs }) => atMs);
  const meanBytes = meanOf(points, ({ bytes }) => bytes);
  const meanLoad = meanOf(points, loadOf);
  const sums: Products = { times: 0, bytes: 0, loads: 0, timesBytes: 0, timesLoads: 0, loadsBytes: 0 };
  for (const point of points) {
    const [time, bytes, load] = [point.atMs - meanTime, point.bytes - meanBytes, loadOf(point) - meanLoad];
    sums.times += time * time;
    sums.bytes += bytes * bytes;
    sums.loads += load * load;
    sums.timesBytes += time * bytes;
    sums.timesLoads += time * load;
    sums.loadsBytes += load * bytes;
  }
  return sums;
}

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
