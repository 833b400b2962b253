import { availableParallelism } from 'node:os';

/** CPU time of the process, all threads. */
export interface CpuReading {
  readonly userS: number;
  readonly systemS: number;
  /** Share of the available CPUs that was used since the last reading, from 0 to 1. */
  readonly userRatio: number;
  readonly systemRatio: number;
}

export class CpuMeter {
  readonly #nowMs: () => number;
  readonly #cpus = availableParallelism();
  #last: NodeJS.CpuUsage;
  #lastMs: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#last = process.cpuUsage();
    this.#lastMs = nowMs();
  }

  read(): CpuReading {
    const usage = process.cpuUsage();
    const nowMs = this.#nowMs();
    const shareOf = (micros: number) => micros / 1000 / Math.max(nowMs - this.#lastMs, 1) / this.#cpus;
    const reading = {
      userS: usage.user / 1e6,
      systemS: usage.system / 1e6,
      userRatio: shareOf(usage.user - this.#last.user),
      systemRatio: shareOf(usage.system - this.#last.system),
    };
    this.#last = usage;
    this.#lastMs = nowMs;
    return reading;
  }
}
