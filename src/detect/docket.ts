import { attributed } from './causes.ts';
import type { Charge, Outcome } from './detector.ts';
import type { Finding, FindingState, Severity } from './finding.ts';
import { type FindingCount, FindingCounts } from './finding-counts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type IgnoreRule, ignoredBy } from './ignore.ts';
import type { PlaceOf } from './place.ts';
import { isWorse } from './severity.ts';

/**
 * Sweeps in a row for which a charge must be made before it is told: retry before accusing. What a library opened may
 * have an owner that is not charged yet.
 */
const sweepsBeforeRaising = 3;
const sweepsBeforeRaisingIndirect = 16;
/** Frames of libraries between the app's line and the thing from which on it is no doing of the app's line alone. */
const indirectFrames = 4;
/** Sweeps in a row without it before it is taken back or closed. */
const sweepsBeforeClosing = 8;

export interface DocketOptions {
  readonly placeOf: PlaceOf;
  readonly wallMs: () => number;
  readonly ignore: readonly IgnoreRule[];
  /** How often a standing finding is told again as `updated`. */
  readonly updateIntervalMs: number;
  readonly maxFindings: number;
}

interface Entry {
  charge: Charge;
  chargedSweeps: number;
  missedSweeps: number;
  finding: Finding | undefined;
  ignored: boolean;
  toldAtMs: number;
  toldSeverity: Severity;
}

/** The findings of this process and their history: raised once, repeated while they stand, taken back or closed out loud. */
export class Docket {
  readonly #o: DocketOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #counts = new FindingCounts();
  /** Charges that found no room. */
  dropped = 0;

  constructor(options: DocketOptions) {
    this.#o = options;
  }

  /** Findings that stand: raised, neither closed nor taken back. */
  standing(): Finding[] {
    const findings = new Map<string, Finding>();
    for (const { finding, ignored } of this.#entries.values()) {
      if (finding !== undefined && !ignored) findings.set(`${finding.type} ${finding.id}`, finding);
    }
    return [...findings.values()];
  }

  counts(): Iterable<FindingCount> {
    return this.#counts;
  }

  /**
   * Takes the charges of one sweep; answers the findings whose state changed, to be told. Each `undefined` is a place where
   * it may pause: nothing has changed until then.
   */
  *update(charges: readonly Charge[]): Generator<undefined, Finding[]> {
    const told: Finding[] = [];
    if (charges.length === 0 && this.#entries.size === 0) return told;
    const { causes, causeOf } = yield* attributed(charges, this.#toldKeys());
    for (const charge of causes) this.#charge(charge, told);
    const charged = new Set(causes.map(({ key }) => key));
    for (const [key, entry] of this.#entries) {
      if (charged.has(key)) continue;
      if (entry.finding === undefined) entry.chargedSweeps = 0;
      entry.missedSweeps++;
      const cause = causeOf.get(key);
      if (cause !== undefined) this.#join(key, entry, this.#entries.get(cause.key), told);
      else if (entry.missedSweeps >= sweepsBeforeClosing) this.#close(key, entry, told);
    }
    return told;
  }

  #toldKeys(): ReadonlySet<string> {
    return new Set([...this.#entries].flatMap(([key, { finding }]) => (finding === undefined ? [] : [key])));
  }

  #charge(charge: Charge, told: Finding[]): void {
    const { key } = charge;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= this.#o.maxFindings) {
        this.dropped++;
        return;
      }
      entry = {
        charge,
        chargedSweeps: 0,
        missedSweeps: 0,
        finding: undefined,
        ignored: false,
        toldAtMs: 0,
        toldSeverity: 'info',
      };
      this.#entries.set(key, entry);
    }
    entry.charge = charge;
    entry.missedSweeps = 0;
    entry.chargedSweeps++;
    if (entry.finding === undefined) {
      if (entry.chargedSweeps >= sweepsNeeded(charge)) this.#raise(entry, told);
      return;
    }
    this.#refresh(entry, 'updated');
    const due = this.#o.wallMs() - entry.toldAtMs >= this.#o.updateIntervalMs;
    if (due || isWorse(charge.suspicion.severity, entry.toldSeverity)) this.#tell(entry, told);
  }

  #raise(entry: Entry, told: Finding[]): void {
    const { suspicion } = entry.charge;
    const place = suspicion.site === null ? undefined : this.#o.placeOf(suspicion.site);
    const nowMs = this.#o.wallMs();
    entry.finding = {
      ...suspicion,
      id: fingerprintOf(suspicion, place),
      state: 'raised',
      place,
      stack: place?.stack,
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
    };
    entry.ignored = ignoredBy(entry.finding, this.#o.ignore, nowMs) !== undefined;
    if (this.#takesOver(entry)) return;
    this.#counts.of(entry.finding)[entry.ignored ? 'suppressed' : 'raised']++;
    this.#tell(entry, told);
  }

  /** What is told already under this id goes on under it, though another charge makes it now. */
  #takesOver(entry: Entry): boolean {
    for (const other of this.#entries.values()) {
      if (other === entry || other.finding?.id !== entry.finding?.id || other.finding?.type !== entry.finding?.type)
        continue;
      entry.toldAtMs = other.toldAtMs;
      entry.toldSeverity = other.toldSeverity;
      return true;
    }
    return false;
  }

  /** A charge turned out to be the doing of another: what was told of it goes on as part of that, as soon as that is told. */
  #join(key: string, entry: Entry, cause: Entry | undefined, told: Finding[]): void {
    if (entry.finding === undefined) {
      if (entry.missedSweeps >= sweepsBeforeClosing) this.#entries.delete(key);
    } else if (cause?.finding !== undefined) {
      const { id, type, place, state } = cause.finding;
      if (entry.missedSweeps < (state === 'raised' ? sweepsBeforeRaising : sweepsBeforeClosing)) return;
      entry.finding = { ...entry.finding, partOf: { id, type, place } };
      this.#end(key, entry, 'resolved', told);
    }
  }

  #close(key: string, entry: Entry, told: Finding[]): void {
    this.#end(key, entry, entry.charge.whenGone(), told);
  }

  #end(key: string, entry: Entry, outcome: Outcome, told: Finding[]): void {
    const state = outcome === 'retracted' ? 'retracted' : 'resolved';
    this.#entries.delete(key);
    // another charge has taken over the finding
    if (entry.finding === undefined || this.#stands(entry.finding)) return;
    this.#refresh(entry, state, outcome);
    if (entry.ignored) return;
    this.#counts.of(entry.finding)[state]++;
    this.#tell(entry, told);
  }

  #stands({ id, type }: Finding): boolean {
    return this.standing().some((finding) => finding.id === id && finding.type === type);
  }

  #refresh(entry: Entry, state: FindingState, outcome?: Outcome): void {
    const { finding } = entry;
    if (finding === undefined) return;
    const nowMs = this.#o.wallMs();
    const closedAs = outcome === 'level' || outcome === 'unwatched' ? outcome : undefined;
    entry.finding = { ...finding, ...entry.charge.suspicion, state, closedAs, lastSeenMs: nowMs };
    const ignored = ignoredBy(entry.finding, this.#o.ignore, nowMs) !== undefined;
    // an ignore rule that expired: the finding is told as if it were new
    if (entry.ignored && !ignored && state === 'updated') {
      entry.finding = { ...entry.finding, state: 'raised' };
      this.#counts.of(entry.finding).raised++;
      entry.toldAtMs = 0;
    }
    entry.ignored = ignored;
  }

  #tell(entry: Entry, told: Finding[]): void {
    if (entry.finding === undefined || entry.ignored) return;
    entry.toldAtMs = this.#o.wallMs();
    entry.toldSeverity = entry.finding.severity;
    told.push(entry.finding);
  }
}

function sweepsNeeded({ suspicion: { site, certainty, kind } }: Charge): number {
  // the owner of what grows in the heap was looked for before anything was sampled
  if (site === null || certainty === 'certain' || kind === 'heap') return sweepsBeforeRaising;
  const below = site.frames.indexOf(site.frame);
  return below < 0 || below >= indirectFrames ? sweepsBeforeRaisingIndirect : sweepsBeforeRaising;
}
