import type { MemoryRecord } from '../detect/memory-record.ts';
import { fs } from '../runtime/builtins.ts';
import type { Clock } from '../runtime/clock.ts';
import { ownTimers } from '../runtime/timers.ts';
import { isRecord } from './config-check.ts';

/** What is kept over restarts: figures, no names. */
interface MemoryState {
  readonly version: 1;
  readonly savedAtMs: number;
  readonly baseline?: { readonly rssBytes: number; readonly heapUsedBytes: number } | undefined;
  readonly usualRssBytes: readonly number[];
}

const saveEveryMs = 300_000;
const maxAgeMs = 30 * 86_400_000;
/** All the figures, of 16 digits, take 9 kB. */
const maxFileBytes = 65_536;

export interface MemoryStateFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly failed: (where: string, error: unknown) => void;
}

/** The file of `memoryStateFile`. Written whole under another name and then renamed, so that nobody reads half of it. */
export class MemoryStateFile {
  readonly #o: MemoryStateFileOptions;
  #savedMs: number;
  #saving: Promise<void> | undefined;

  constructor(options: MemoryStateFileOptions) {
    this.#o = options;
    this.#savedMs = options.clock.nowMs();
  }

  /** What cannot be read, is no such file or is older than 30 days is as none. */
  async restore(record: MemoryRecord): Promise<void> {
    try {
      const state = await this.#read();
      if (state === undefined || this.#o.clock.wallMs() - state.savedAtMs > maxAgeMs) return;
      if (state.baseline !== undefined) record.baseline.restore(state.baseline);
      record.usual.restore(state.usualRssBytes);
    } catch (error) {
      this.#o.failed('reading memoryStateFile', error);
    }
  }

  saveIfDue(record: MemoryRecord): void {
    if (this.#o.clock.nowMs() - this.#savedMs >= saveEveryMs) void this.save(record);
  }

  /** Resolves when it is written or `timeoutMs` is over; never rejects. */
  async save(record: MemoryRecord, timeoutMs = saveEveryMs): Promise<void> {
    this.#savedMs = this.#o.clock.nowMs();
    this.#saving ??= this.#write(this.#stateOf(record)).finally(() => (this.#saving = undefined));
    const timeIsUp = Promise.withResolvers<void>();
    const timer = ownTimers.setTimeout(timeIsUp.resolve, timeoutMs);
    await Promise.race([this.#saving, timeIsUp.promise]);
    timer.cancel();
  }

  async #read(): Promise<MemoryState | undefined> {
    const { path } = this.#o;
    const size = await fs.promises.stat(path).then(
      (stat) => stat.size,
      () => undefined,
    );
    if (size === undefined) return undefined;
    if (size > maxFileBytes) throw new RangeError(`more than ${maxFileBytes} bytes`);
    return parsed(await fs.promises.readFile(path, 'utf8'));
  }

  async #write(state: MemoryState): Promise<void> {
    const { path, failed } = this.#o;
    const draft = `${path}.${process.pid}.tmp`;
    try {
      await fs.promises.writeFile(draft, JSON.stringify(state), { mode: 0o600 });
      await fs.promises.rename(draft, path);
    } catch (error) {
      await fs.promises.rm(draft, { force: true }).catch(() => {});
      failed('writing memoryStateFile', error);
    }
  }

  #stateOf({ baseline, usual }: MemoryRecord): MemoryState {
    return {
      version: 1,
      savedAtMs: this.#o.clock.wallMs(),
      baseline: baseline.value,
      usualRssBytes: usual.samples,
    };
  }
}

/** @throws where the text is no such state */
function parsed(text: string): MemoryState {
  const state: unknown = JSON.parse(text);
  if (!isState(state)) throw new TypeError('it is not what outlive writes');
  return state;
}

const maxUsual = 512;

/** By hand: zod holds the event loop up for 50 ms of CPU to load. */
const isState = (value: unknown): value is MemoryState =>
  isRecord(value) &&
  value['version'] === 1 &&
  isFigure(value['savedAtMs']) &&
  (value['baseline'] === undefined || isBaseline(value['baseline'])) &&
  Array.isArray(value['usualRssBytes']) &&
  value['usualRssBytes'].length <= maxUsual &&
  value['usualRssBytes'].every(isFigure);

const isBaseline = (value: unknown): boolean =>
  isRecord(value) && isFigure(value['rssBytes']) && isFigure(value['heapUsedBytes']);

const isFigure = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
