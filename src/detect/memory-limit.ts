import type { Charge, Detector } from './detector.ts';
import type { Severity } from './finding.ts';
import type { MemoryPool } from './memory-outlook.ts';
import { type MemoryAlarm, type MemoryFacts, type MemoryThresholds, worstAlarm } from './memory-thresholds.ts';
import { memoryAdvice } from './memory-wording.ts';
import { isWorse } from './severity.ts';

/** One alert an hour, except when it gets worse by a level. */
const alertIntervalMs = 3_600_000;
/** An alarm stands until its figure has fallen by a tenth below the threshold. */
const easeWhileStanding = 0.9;
/** What is left of the highest level when memory counts as freed. */
const freedShare = 0.9;

interface Alert {
  readonly severity: Severity;
  readonly atMs: number;
}

/** What lives in the heap, and what the process has resident. */
type Levels = Readonly<Record<MemoryPool, number>>;

/** What an alarm is about, and the highest that memory got while it stood. */
interface Standing {
  alarm: MemoryAlarm;
  peak: Levels;
}

/** Memory that nears a limit, is on its way to one, or is far above what it was. */
export class MemoryLimits implements Detector {
  readonly name = 'memory-limit';
  readonly readsSystem = true;
  readonly #judge: () => Generator<undefined, MemoryFacts>;
  readonly #thresholds: MemoryThresholds;
  #standing: Standing | undefined;
  #lastAlert: Alert | undefined;
  #levels: Levels = { heap: 0, resident: 0 };

  /** @param judge what is known now, in steps */
  constructor(judge: () => Generator<undefined, MemoryFacts>, thresholds: MemoryThresholds) {
    this.#judge = judge;
    this.#thresholds = thresholds;
  }

  /** Whether it says that a limit is nearly taken or will be soon. */
  get isPressed(): boolean {
    const alarm = this.#standing?.alarm;
    return alarm !== undefined && alarm.severity !== 'info' && (alarm.why === 'limit' || alarm.why === 'exhaustion');
  }

  *check(_sweep: number, nowMs: number): Iterable<Charge | undefined> {
    const facts = yield* this.#judge();
    const alarm = this.#alarmOf(facts);
    this.#levels = { heap: facts.heapFloor?.bytes ?? 0, resident: facts.rssBytes };
    if (alarm === undefined || (this.#standing === undefined && this.#isTooSoon(alarm, nowMs))) {
      this.#standing = undefined;
      return;
    }
    const last = this.#lastAlert;
    if (this.#standing === undefined || last === undefined || isWorse(alarm.severity, last.severity)) {
      this.#lastAlert = { severity: alarm.severity, atMs: nowMs };
    }
    const standing = (this.#standing ??= { alarm, peak: this.#levels });
    standing.alarm = alarm;
    standing.peak = higherOf(standing.peak, this.#levels);
    yield chargeOf(alarm, facts, () => outcomeOf(standing, this.#levels));
  }

  /** What stands keeps its severity until its figures are clear of the threshold. */
  #alarmOf(facts: MemoryFacts): MemoryAlarm | undefined {
    const alarm = worstAlarm(facts, this.#thresholds);
    if (this.#standing === undefined) return alarm;
    const eased = worstAlarm(facts, this.#thresholds, easeWhileStanding);
    if (eased === undefined || isWorse(eased.severity, this.#standing.alarm.severity)) return alarm ?? eased;
    return eased;
  }

  #isTooSoon({ severity }: MemoryAlarm, nowMs: number): boolean {
    const last = this.#lastAlert;
    return last !== undefined && nowMs - last.atMs < alertIntervalMs && !isWorse(severity, last.severity);
  }
}

const higherOf = (a: Levels, b: Levels): Levels => ({
  heap: Math.max(a.heap, b.heap),
  resident: Math.max(a.resident, b.resident),
});

const poolOf = (alarm: MemoryAlarm): MemoryPool | undefined => {
  if (alarm.why === 'exhaustion') return alarm.exhaustion.pool;
  return alarm.why === 'growth' ? alarm.pool : undefined;
};

/** A level that was reached was reached. A forecast was wrong where memory then just stayed, and right where it was freed. */
function outcomeOf({ alarm, peak }: Standing, now: Levels): 'resolved' | 'retracted' {
  const pool = poolOf(alarm);
  return pool === undefined || now[pool] < freedShare * peak[pool] ? 'resolved' : 'retracted';
}

function chargeOf(alarm: MemoryAlarm, facts: MemoryFacts, whenGone: Charge['whenGone']): Charge {
  const { outlook, rssBytes } = facts;
  const pool = poolOf(alarm) ?? outlook.fastest;
  const growth = pool === undefined ? undefined : outlook.growth.get(pool);
  return {
    key: 'threshold memory',
    whenGone,
    suspicion: {
      type: 'memory_limit',
      detector: 'threshold',
      certainty: 'likely',
      severity: alarm.severity,
      kind: 'heap',
      resourceType: 'memory',
      site: null,
      scopeName: undefined,
      count: 1,
      opened: 0,
      bytes: alarm.why === 'limit' ? alarm.usedBytes : rssBytes,
      oldestAgeMs: growth?.spanMs ?? 0,
      rate: growth?.rate,
      pattern: growth?.pattern,
      trace: undefined,
      advice: memoryAdvice(alarm, facts),
      retainedBy: undefined,
    },
  };
}
