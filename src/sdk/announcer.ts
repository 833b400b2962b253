import { isatty } from 'node:tty';
import type { Finding, Severity } from '../detect/finding.ts';
import { isWorse } from '../detect/severity.ts';
import { findingText } from '../report/finding-text.ts';
import { writeToStderr } from '../runtime/stderr.ts';

const maxTold = 1000;

/**
 * Prints findings on stderr, so that they stand somewhere without any collector: when raised, taken back or closed, and in
 * between whenever their count has doubled or they got worse by a level, not at every heartbeat.
 */
export class Announcer {
  readonly #told = new Map<string, { readonly count: number; readonly severity: Severity }>();
  readonly #colour = isatty(2) && process.env['NO_COLOR'] === undefined;

  tell(finding: Finding): void {
    const { id, type, state } = finding;
    const key = `${type} ${id}`;
    if (state === 'updated' && !this.#isNews(key, finding)) return;
    if (state === 'raised' || state === 'updated') this.#remember(key, finding);
    else this.#told.delete(key);
    writeToStderr(findingText(finding, { colour: this.#colour }));
  }

  #isNews(key: string, { count, severity }: Finding): boolean {
    const told = this.#told.get(key);
    return told === undefined || count >= 2 * told.count || isWorse(severity, told.severity);
  }

  #remember(key: string, { count, severity }: Finding): void {
    if (this.#told.size >= maxTold) this.#told.clear();
    this.#told.set(key, { count, severity });
  }
}
