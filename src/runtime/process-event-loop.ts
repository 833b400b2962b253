import { type EventLoopUtilization, type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How late the event loop was since the last reading, and what it has done since its start; in seconds. */
export interface EventLoopReading {
  readonly delay: {
    readonly minS: number;
    readonly maxS: number;
    readonly meanS: number;
    readonly stddevS: number;
    readonly p50S: number;
    readonly p90S: number;
    readonly p99S: number;
  };
  readonly activeS: number;
  readonly idleS: number;
  /** Share of the time since the last reading in which it was busy, from 0 to 1. */
  readonly utilizationRatio: number;
}

/**
 * Its timer lives in libuv, unref'd. In an idle process it takes 0.12 % of a CPU; at Node's own 10 ms, which the
 * OpenTelemetry runtime instrumentation has, it would be 0.35 %, most of what outlive may cost.
 */
const resolutionMs = 50;

/** Measures from its first reading on, so that nothing ticks where nobody reads. */
export class EventLoopMeter {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #last: EventLoopUtilization = performance.eventLoopUtilization();

  detach(): void {
    this.#delay.disable();
  }

  read(): EventLoopReading {
    this.#delay.enable();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#last);
    this.#last = now;
    const delay = this.#delayReading();
    this.#delay.reset();
    return { delay, activeS: now.active / 1000, idleS: now.idle / 1000, utilizationRatio: finite(utilization) };
  }

  #delayReading(): EventLoopReading['delay'] {
    const histogram = this.#delay;
    // an empty histogram has a minimum of 2^63 and no mean
    const seconds = (nanos: number) => (histogram.count === 0 ? 0 : finite(nanos / 1e9));
    // what is recorded is the time between two ticks, so the delay and the resolution
    const late = (nanos: number) => Math.max(seconds(nanos) - resolutionMs / 1000, 0);
    return {
      minS: late(histogram.min),
      maxS: late(histogram.max),
      meanS: late(histogram.mean),
      stddevS: seconds(histogram.stddev),
      p50S: late(histogram.percentile(50)),
      p90S: late(histogram.percentile(90)),
      p99S: late(histogram.percentile(99)),
    };
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
