import type * as Zod from 'zod/mini';
import type { MemoryRecord } from '../detect/memory-record.ts';
import { fs, module } from '../runtime/builtins.ts';
import type { Clock } from '../runtime/clock.ts';
import { ownTimers } from '../runtime/timers.ts';

/** What is kept over restarts: figures, no names. */
interface MemoryState {
  readonly version: 1;
  readonly savedAtMs: number;
  readonly baseline?: { readonly rssBytes: number; readonly heapUsedBytes: number } | undefined;
  readonly usualRssBytes: readonly number[];
}

const saveEveryMs = 300_000;
const maxAgeMs = 30 * 86_400_000;
/** 512 figures of 16 digits take 9 kB. */
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
  const zod = module.createRequire(import.meta.url)('zod/mini') as typeof Zod;
  const bytes = zod.number().check(zod.nonnegative(), zod.lte(Number.MAX_SAFE_INTEGER));
  const schema = zod.object({
    version: zod.literal(1),
    savedAtMs: bytes,
    baseline: zod.optional(zod.object({ rssBytes: bytes, heapUsedBytes: bytes })),
    usualRssBytes: zod.array(bytes).check(zod.maxLength(512)),
  });
  return schema.parse(JSON.parse(text));
}
