/**
 * Upper bounds in s of the buckets that are exported. Five, not the fourteen that the convention advises: each bucket is a
 * series of its own in a backend (docs/decisions/0007-series-budget.md).
 */
export const requestBoundsS = [0.01, 0.05, 0.25, 1, 5] as const;

/** Requests of one route that came out alike. */
export interface RequestSeries {
  /** 0 where no response was sent. */
  readonly status: number;
  readonly secure: boolean;
  readonly finished: boolean;
  /** By the bounds, and one for what is above the last. */
  readonly counts: number[];
  count: number;
  sumMs: number;
  minMs: number;
  maxMs: number;
}

/** A request is slow from the 99th percentile of its route on, once that rests on 500 of them. */
const slowQuantile = 0.99;
const minForQuantile = 500;
const requantileEvery = 256;
/** Weights are halved when so many were counted, so that the quantile follows what is now. */
const halveAt = 8192;
const maxSeries = 32;

/**
 * Durations of one route. Beside the exported buckets stand 128 finer ones, a quarter of an octave each from 1/16 ms on: a
 * quantile of them is right within 25 %, and costs a shift and an addition for each request.
 */
export class RouteTimes {
  readonly name: string;
  /** Duration in ms from which on a request is slow; `Infinity` while too few were seen. */
  slowFromMs = Infinity;
  readonly #fine = new Uint32Array(128);
  /** Of these, the ones that a pause of the garbage collector fell into. */
  #paused: Uint32Array | undefined;
  #weight = 0;
  #untilQuantile = minForQuantile;
  readonly #series = new Map<number, RequestSeries>();
  #lastSeries: RequestSeries | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get series(): Iterable<RequestSeries> {
    return this.#series.values();
  }

  add(ms: number, status: number, secure: boolean, finished: boolean): void {
    const at = fineBucketOf(ms);
    this.#fine[at] = (this.#fine[at] ?? 0) + 1;
    if (++this.#weight >= halveAt) this.#halve();
    if (--this.#untilQuantile <= 0) this.#requantile();
    count(this.#seriesOf(status, secure, finished), ms);
  }

  /** A slow one overlapped a major collection. */
  addPaused(ms: number): void {
    this.#paused ??= new Uint32Array(128);
    const at = fineBucketOf(ms);
    this.#paused[at] = (this.#paused[at] ?? 0) + 1;
  }

  /** In ms, of all lately ended requests; `NaN` where there were none. */
  quantileMs(quantile: number): number {
    return quantileOf(quantile, (at) => this.#fine[at] ?? 0);
  }

  /** In ms, as it would be without the slow requests that a major collection fell into. */
  quantileWithoutPausedMs(quantile: number): number {
    return quantileOf(quantile, (at) => Math.max(0, (this.#fine[at] ?? 0) - (this.#paused?.[at] ?? 0)));
  }

  #requantile(): void {
    this.#untilQuantile = requantileEvery;
    this.slowFromMs = this.quantileMs(slowQuantile);
  }

  #halve(): void {
    this.#weight = 0;
    for (let at = 0; at < this.#fine.length; at++) {
      this.#weight += this.#fine[at] = (this.#fine[at] ?? 0) >> 1;
      if (this.#paused !== undefined) this.#paused[at] = (this.#paused[at] ?? 0) >> 1;
    }
  }

  /** Most requests come out as the one before. */
  #seriesOf(status: number, secure: boolean, finished: boolean): RequestSeries {
    const last = this.#lastSeries;
    if (last?.status === status && last.secure === secure && last.finished === finished) return last;
    const key = status * 4 + (secure ? 2 : 0) + (finished ? 1 : 0);
    return (this.#lastSeries = this.#series.get(key) ?? this.#newSeries(key, { status, secure, finished }));
  }

  #newSeries(key: number, cameOut: Pick<RequestSeries, 'status' | 'secure' | 'finished'>): RequestSeries {
    const { status, secure, finished } = cameOut;
    if (this.#series.size >= maxSeries && status !== 0) return this.#seriesOf(0, secure, finished);
    const series: RequestSeries = {
      ...cameOut,
      counts: Array.from({ length: requestBoundsS.length + 1 }, () => 0),
      count: 0,
      sumMs: 0,
      minMs: Infinity,
      maxMs: 0,
    };
    this.#series.set(key, series);
    return series;
  }
}

function count(series: RequestSeries, ms: number): void {
  const at = requestBucketOf(ms / 1000);
  series.counts[at] = (series.counts[at] ?? 0) + 1;
  series.count++;
  series.sumMs += ms;
  if (ms < series.minMs) series.minMs = ms;
  if (ms > series.maxMs) series.maxMs = ms;
}

/** A value that equals a bound is below it, as OpenTelemetry has it. */
function requestBucketOf(seconds: number): number {
  let at = 0;
  while (at < requestBoundsS.length && seconds > (requestBoundsS[at] ?? 0)) at++;
  return at;
}

/** Values below 4/16 ms have a bucket each; above, the highest bit and the two below it choose one. */
function fineBucketOf(ms: number): number {
  const sixteenths = Math.min(ms * 16, 0x7f_ff_ff_ff) | 0;
  if (sixteenths < 4) return Math.max(sixteenths, 0);
  const octave = 31 - Math.clz32(sixteenths);
  return (octave - 1) * 4 + ((sixteenths >> (octave - 2)) & 3);
}

/** Where a fine bucket ends, in ms. */
function fineBoundMs(at: number): number {
  if (at < 4) return (at + 1) / 16;
  const octave = (at >> 2) + 1;
  return (2 ** octave + ((at & 3) + 1) * 2 ** (octave - 2)) / 16;
}

function quantileOf(quantile: number, weightAt: (at: number) => number): number {
  let total = 0;
  for (let at = 0; at < 128; at++) total += weightAt(at);
  if (total === 0) return NaN;
  let left = total * quantile;
  for (let at = 0; at < 128; at++) {
    left -= weightAt(at);
    if (left <= 0) return fineBoundMs(at);
  }
  return NaN;
}
