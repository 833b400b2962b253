/** A line for a person at most once in a while, with how often it was kept back since. */
export class Seldom {
  readonly #everyMs: number;
  readonly #nowMs: () => number;
  readonly #say: (line: string) => void;
  #saidAtMs = -Infinity;
  #keptBack = 0;

  constructor(everyMs: number, nowMs: () => number, say: (line: string) => void) {
    this.#everyMs = everyMs;
    this.#nowMs = nowMs;
    this.#say = say;
  }

  say(line: string): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#saidAtMs < this.#everyMs) {
      this.#keptBack++;
      return;
    }
    this.#saidAtMs = nowMs;
    this.#say(this.#keptBack === 0 ? line : `${line} (and ${this.#keptBack} times before)`);
    this.#keptBack = 0;
  }
}
