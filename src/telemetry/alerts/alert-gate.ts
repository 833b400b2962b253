import type { Finding, Severity } from '../../detect/finding.ts';
import { isWorse } from '../../detect/severity.ts';
import type { AlertAction } from './alert.ts';

export interface AlertGateOptions {
  /** Below it nothing is opened. */
  readonly minSeverity: Severity;
  /** How often a finding that stands is told again. */
  readonly intervalMs: number;
  /** Messages that open or repeat, over all findings. */
  readonly maxPerHour: number;
  readonly nowMs: () => number;
}

interface Incident {
  readonly toldAtMs: number;
  readonly severity: Severity;
}

const hourMs = 3_600_000;
const maxIncidents = 1_000;

/**
 * Which states of findings become messages of one channel. What finds no room waits for the finding's next heartbeat; what
 * was opened is closed without asking for room.
 */
export class AlertGate {
  readonly #o: AlertGateOptions;
  readonly #incidents = new Map<string, Incident>();
  readonly #sentAtMs: number[] = [];

  constructor(options: AlertGateOptions) {
    this.#o = options;
  }

  get open(): number {
    return this.#incidents.size;
  }

  actionOn(finding: Finding): AlertAction | undefined {
    const key = keyOf(finding);
    const incident = this.#incidents.get(key);
    if (finding.state === 'resolved' || finding.state === 'retracted')
      return this.#incidents.delete(key) ? 'close' : undefined;
    if (!this.#isNews(finding, incident) || !this.#hasRoom(incident)) return undefined;
    const nowMs = this.#o.nowMs();
    this.#sentAtMs.push(nowMs);
    this.#incidents.set(key, { toldAtMs: nowMs, severity: finding.severity });
    return incident === undefined ? 'open' : 'update';
  }

  /** It was not told after all: it is opened again at its next heartbeat. */
  forget(finding: Finding): void {
    this.#incidents.delete(keyOf(finding));
  }

  #isNews({ severity }: Finding, incident: Incident | undefined): boolean {
    if (incident === undefined) return !isWorse(this.#o.minSeverity, severity);
    return isWorse(severity, incident.severity) || this.#o.nowMs() - incident.toldAtMs >= this.#o.intervalMs;
  }

  #hasRoom(incident: Incident | undefined): boolean {
    const hourAgoMs = this.#o.nowMs() - hourMs;
    while (this.#sentAtMs[0] !== undefined && this.#sentAtMs[0] <= hourAgoMs) this.#sentAtMs.shift();
    if (this.#sentAtMs.length >= this.#o.maxPerHour) return false;
    return incident !== undefined || this.#incidents.size < maxIncidents;
  }
}

const keyOf = ({ type, id }: Finding): string => `${type} ${id}`;
