export type PressureLevel = 'normal' | 'high' | 'critical';

/** What tells of pressure. Each may be unknown. */
export interface PressureSigns {
  /** Share of the last 10 s in which some task stood still for want of memory. */
  readonly stalledRatio: number | undefined;
  /** Running totals of the control group: throttled for `memory.high`; came up against the limit; a process was killed. */
  readonly events: { readonly high: number; readonly max: number; readonly oomKills: number } | undefined;
  /** Of the limit that is nearest, the share that is taken. */
  readonly usedRatio: number | undefined;
}

/** Where a level begins. */
interface LevelStart {
  readonly stalledRatio: number;
  readonly usedRatio: number;
}

/** A tenth of the time stalled is felt as latency; at two fifths work hardly goes on (systemd-oomd kills at 60 % over 30 s). */
const starts: Readonly<Record<'high' | 'critical', LevelStart>> = {
  high: { stalledRatio: 0.1, usedRatio: 0.8 },
  critical: { stalledRatio: 0.4, usedRatio: 0.9 },
};
/** Below both, a group that comes up against its limit only gives back file cache, as it should. */
const idle: LevelStart = { stalledRatio: 0.01, usedRatio: 0.75 };
/** A level is left when the signs are so far below its start, at this many looks in a row. */
const easeWhileHigh = 0.8;
const calmLooks = 3;

const rank: Readonly<Record<PressureLevel, number>> = { normal: 0, high: 1, critical: 2 };

/** The level of memory pressure: up at once, down a level when it has been calm for three looks. */
export class MemoryPressure {
  level: PressureLevel = 'normal';
  #events: PressureSigns['events'];
  #calm = 0;

  /** @returns whether the level has changed */
  look(signs: PressureSigns): boolean {
    const before = this.level;
    const eventful = this.#eventLevel(signs);
    const up = higher(levelOf(signs, 1), eventful);
    if (rank[up] >= rank[before]) {
      this.level = up;
      this.#calm = 0;
      return up !== before;
    }
    const down = higher(levelOf(signs, easeWhileHigh), eventful);
    this.#calm = rank[down] < rank[before] ? this.#calm + 1 : 0;
    if (this.#calm < calmLooks) return false;
    this.#calm = 0;
    this.level = down;
    return true;
  }

  /** What the kernel has done since the last look. */
  #eventLevel({ events, stalledRatio = 0, usedRatio = 0 }: PressureSigns): PressureLevel {
    const before = this.#events;
    this.#events = events;
    if (events === undefined || before === undefined) return 'normal';
    if (events.oomKills > before.oomKills) return 'critical';
    if (stalledRatio < idle.stalledRatio && usedRatio < idle.usedRatio) return 'normal';
    return events.high > before.high || events.max > before.max ? 'high' : 'normal';
  }
}

function levelOf({ stalledRatio = 0, usedRatio = 0 }: PressureSigns, ease: number): PressureLevel {
  const reaches = (start: LevelStart): boolean =>
    stalledRatio >= ease * start.stalledRatio || usedRatio >= 1 - (1 - start.usedRatio) / ease;
  if (reaches(starts.critical)) return 'critical';
  return reaches(starts.high) ? 'high' : 'normal';
}

const higher = (a: PressureLevel, b: PressureLevel): PressureLevel => (rank[a] >= rank[b] ? a : b);
