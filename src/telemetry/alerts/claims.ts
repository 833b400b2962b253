import type { Alert } from './alert.ts';
import { type Outcome, taken } from './outcome.ts';

export interface ClaimsOptions {
  readonly folder: string;
  /** Part of a file's name: the claims of one channel are none on another. */
  readonly channel: string;
  /** This process, or thread, and no other. */
  readonly owner: string;
  /** A claim that was not renewed for so long is anybody's: its owner is gone. */
  readonly staleMs: number;
  readonly wallMs: () => number;
}

const { join } = process.getBuiltinModule('node:path');
const fs = process.getBuiltinModule('node:fs').promises;

const maxSpoken = 1_000;

/**
 * Lets one of all processes that share a folder speak for each finding: the first that makes the finding's file there. Where
 * the folder cannot be used, all speak: better twice than never.
 */
export class Claims {
  readonly #o: ClaimsOptions;
  /** What this process has spoken of, and closes. */
  readonly #spoken = new Set<string>();

  constructor(options: ClaimsOptions) {
    this.#o = options;
  }

  async ifMine(alert: Alert, send: (alert: Alert) => Promise<Outcome>): Promise<Outcome> {
    const file = join(this.#o.folder, `${alert.id}-${this.#o.channel}.claim`);
    if (!(await this.#isMine(file, alert))) return taken;
    this.#remember(alert.id);
    const outcome = await send(alert);
    if (outcome.is === 'refused' || (outcome.is === 'taken' && alert.action === 'close')) {
      this.#spoken.delete(alert.id);
      await fs.rm(file, { force: true }).catch(() => {});
    }
    return outcome;
  }

  async #isMine(file: string, { id, action }: Alert): Promise<boolean> {
    if (action === 'close') return this.#spoken.has(id);
    try {
      const owner = await this.#ownerOf(file);
      if (owner === this.#o.owner) await this.#renew(file);
      else if (owner !== undefined) return false;
      else await fs.writeFile(file, this.#o.owner, { flag: 'wx' });
      return true;
    } catch (error) {
      // somebody was quicker
      return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
    }
  }

  /** A claim that has gone stale is taken away. */
  async #ownerOf(file: string): Promise<string | undefined> {
    const owner = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (owner === undefined) return undefined;
    const { mtimeMs } = await fs.stat(file);
    if (this.#o.wallMs() - mtimeMs < this.#o.staleMs) return owner;
    await fs.rm(file, { force: true });
    return undefined;
  }

  async #renew(file: string): Promise<void> {
    const nowS = this.#o.wallMs() / 1000;
    await fs.utimes(file, nowS, nowS);
  }

  #remember(id: string): void {
    this.#spoken.add(id);
    const [oldest] = this.#spoken;
    if (this.#spoken.size > maxSpoken && oldest !== undefined) this.#spoken.delete(oldest);
  }
}
