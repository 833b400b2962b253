import { isatty } from 'node:tty';
import type { Finding } from '../detect/finding.ts';
import { findingText } from '../report/finding-text.ts';
import { writeToStderr } from '../runtime/stderr.ts';

const maxTold = 1000;

/**
 * Prints findings on stderr, so that they stand somewhere without any collector: when raised, taken back or closed, and in
 * between whenever their count has doubled, not at every heartbeat.
 */
export class Announcer {
  readonly #toldCounts = new Map<string, number>();
  readonly #colour = isatty(2) && process.env['NO_COLOR'] === undefined;

  tell(finding: Finding): void {
    const { id, type, state, count } = finding;
    const key = `${type} ${id}`;
    if (state === 'updated' && count < 2 * (this.#toldCounts.get(key) ?? 0)) return;
    if (state === 'raised' || state === 'updated') this.#remember(key, count);
    else this.#toldCounts.delete(key);
    writeToStderr(findingText(finding, { colour: this.#colour }));
  }

  #remember(key: string, count: number): void {
    if (this.#toldCounts.size >= maxTold) this.#toldCounts.clear();
    this.#toldCounts.set(key, count);
  }
}
