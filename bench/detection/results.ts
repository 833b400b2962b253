import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, readFileSync } from 'node:fs';
import type { Scaling } from './constants.ts';
import type { Job, Outcome } from './jobs.ts';

const root = new URL('../../', import.meta.url);
const judged = ['src/detect/**/*.ts', 'src/lifetime/**/*.ts', 'bench/detection/*.ts'];

interface Line {
  readonly key: string;
  readonly build: string;
  readonly outcome: Outcome;
}

/** Outcomes in a file, a line each: a long run goes on where it was ended, and several processes may add to it. */
export class Results {
  readonly #path: string | undefined;
  readonly #build = buildOf();
  readonly #scaling: Scaling;
  readonly #known = new Map<string, Outcome>();
  /** Lines of other builds, which say nothing of this one. */
  ofOtherBuilds = 0;

  constructor(path: string | undefined, scaling: Scaling) {
    this.#path = path;
    this.#scaling = scaling;
    if (path === undefined || !existsSync(path)) return;
    for (const text of readFileSync(path, 'utf8').split('\n')) {
      if (text === '') continue;
      const { key, build, outcome } = JSON.parse(text, revived) as Line;
      if (build === this.#build) this.#known.set(key, outcome);
      else this.ofOtherBuilds++;
    }
  }

  of(job: Job): Outcome | undefined {
    return this.#known.get(this.#keyOf(job));
  }

  add(job: Job, outcome: Outcome): void {
    const key = this.#keyOf(job);
    this.#known.set(key, outcome);
    if (this.#path === undefined) return;
    appendFileSync(this.#path, `${JSON.stringify({ key, build: this.#build, outcome } satisfies Line, replaced)}\n`);
  }

  #keyOf(job: Job): string {
    return `${this.#scaling} ${JSON.stringify(job)}`;
  }
}

/** Of what decides over the outcome of a job. */
function buildOf(): string {
  const hash = createHash('sha256');
  const cwd = root.pathname;
  for (const file of globSync(judged, { cwd }).toSorted()) hash.update(readFileSync(new URL(file, root)));
  return hash.digest('hex').slice(0, 12);
}

const notFinite = new Set(['Infinity', '-Infinity', 'NaN']);
const replaced = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
const revived = (_: string, value: unknown): unknown =>
  typeof value === 'string' && notFinite.has(value) ? Number(value) : value;
