import { getHeapStatistics } from 'node:v8';
import type { HeapProfiler, LiveAllocations } from '../detect/heap-profiler.ts';
import { type Detach, detachAll, patchMethod } from '../observe/patch.ts';
import { youngHalfBytes } from '../runtime/heap-live.ts';
import { HeapProfile } from '../runtime/heap-profile.ts';

export interface HeapProfilingOptions {
  readonly isOn: boolean;
  /** A heap that uses more is not read: the pause grows with it. */
  readonly maxHeapBytes: number;
  readonly readsPerHour: number;
  /** Minor collections since the start: how much the app allocates. */
  readonly minorGcs: () => number;
  readonly nowMs: () => number;
  readonly profile?: Pick<HeapProfile, 'isOwn' | 'start' | 'read' | 'forgetPrinted' | 'stop'>;
  readonly usedHeapBytes?: () => number;
}

const msPerHour = 3_600_000;
/** A sample takes 5 µs, so this many are 0.5 % of a core (docs/decisions/0014). */
const maxSamplesPerMs = 1;
const samplingMethod = /^HeapProfiler\.\w*Sampling/;

/** V8's heap profiler as the detector may use it: within a budget of pauses, and never while the app uses it. */
export class HeapProfiling implements HeapProfiler {
  readonly #o: HeapProfilingOptions;
  readonly #profile: NonNullable<HeapProfilingOptions['profile']>;
  readonly #usedHeapBytes: () => number;
  readonly #readsMs: number[] = [];
  readonly #sinceMs: number;
  #detach: Detach | undefined;
  /** The app was seen to sample by itself: it has the profiler from then on. */
  #isGivenUp = false;
  /** Profiles and reads that were due and not taken. */
  dropped = 0;

  constructor(options: HeapProfilingOptions) {
    this.#o = options;
    this.#profile = options.profile ?? new HeapProfile();
    this.#sinceMs = options.nowMs();
    this.#usedHeapBytes = options.usedHeapBytes ?? (() => getHeapStatistics().used_heap_size);
  }

  start(intervalBytes: number): boolean {
    if (!this.#o.isOn) return false;
    const interval = Math.max(intervalBytes, this.#allocatedPerMs() / maxSamplesPerMs);
    if (this.#isGivenUp || !this.#isSmallEnough() || !this.#profile.start(Math.round(interval))) {
      this.dropped++;
      return false;
    }
    this.#detach = this.#watchTheApps();
    return true;
  }

  mayRead(): boolean {
    const nowMs = this.#o.nowMs();
    while (this.#readsMs.length > 0 && nowMs - (this.#readsMs[0] ?? 0) >= msPerHour) this.#readsMs.shift();
    return this.#readsMs.length < this.#o.readsPerHour;
  }

  read(): LiveAllocations | undefined {
    if (!this.#isSmallEnough()) {
      this.dropped++;
      this.stop();
      return undefined;
    }
    this.#readsMs.push(this.#o.nowMs());
    const live = this.#profile.read();
    if (live === undefined) this.stop();
    return live;
  }

  tend(): void {
    this.#profile.forgetPrinted();
  }

  stop(): void {
    this.#detach?.();
    this.#detach = undefined;
    this.#profile.stop();
  }

  #allocatedPerMs(): number {
    const elapsedMs = this.#o.nowMs() - this.#sinceMs;
    return elapsedMs > 0 ? (this.#o.minorGcs() * youngHalfBytes()) / elapsedMs : 0;
  }

  #isSmallEnough(): boolean {
    return this.#usedHeapBytes() <= this.#o.maxHeapBytes;
  }

  /** The thread has one sampler: before a session of the app's uses it, this one is taken away. */
  #watchTheApps(): Detach {
    const giveWay = (session: unknown, method: unknown): void => {
      if (typeof method !== 'string' || !samplingMethod.test(method) || this.#profile.isOwn(session)) return;
      this.#isGivenUp = true;
      this.stop();
    };
    const sessions = [
      process.getBuiltinModule('node:inspector').Session.prototype,
      process.getBuiltinModule('node:inspector/promises').Session.prototype,
    ];
    return detachAll(
      sessions.map((prototype) =>
        patchMethod(
          prototype,
          'post',
          (original, state) =>
            function post(this: unknown, ...args: unknown[]) {
              if (state.active) giveWay(this, args[0]);
              return Reflect.apply(original, this, args);
            },
        ),
      ),
    );
  }
}
