import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, readFileSync } from 'node:fs';
import type { Scaling } from './constants.ts';
import type { Job, Outcome } from './jobs.ts';
import { isOfHeap } from './settings.ts';

const root = new URL('../../', import.meta.url);
const judged = ['src/detect/**/*.ts', 'src/lifetime/**/*.ts', 'src/observe/*.ts', 'bench/detection/*.ts'];
/** What decides over jobs of heaps only. */
const isOfHeaps = /\/(?:healthy-heaps|heap|memory|sampled-heap)[\w-]*\.ts$/;

interface Line {
  readonly key: string;
  readonly build: string;
  readonly outcome: Outcome;
}

/** Outcomes in a file, a line each: a long run goes on where it was ended, and several processes may add to it. */
export class Results {
  readonly #path: string | undefined;
  readonly #builds = { heap: buildOf(() => true), other: buildOf((file) => !isOfHeaps.test(file)) } as const;
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
      this.#known.set(`${build} ${key}`, outcome);
      if (!Object.values(this.#builds).includes(build)) this.ofOtherBuilds++;
    }
  }

  of(job: Job): Outcome | undefined {
    return this.#known.get(`${this.#buildOf(job)} ${this.#keyOf(job)}`);
  }

  add(job: Job, outcome: Outcome): void {
    const [key, build] = [this.#keyOf(job), this.#buildOf(job)];
    this.#known.set(`${build} ${key}`, outcome);
    if (this.#path === undefined) return;
    appendFileSync(this.#path, `${JSON.stringify({ key, build, outcome } satisfies Line, replaced)}\n`);
  }

  #buildOf(job: Job): string {
    const ofHeap = job.sort === 'heap' || (job.sort === 'healthy' && isOfHeap(job.setting));
    return this.#builds[ofHeap ? 'heap' : 'other'];
  }

  #keyOf(job: Job): string {
    return `${this.#scaling} ${JSON.stringify(job)}`;
  }
}

/** Of what decides over the outcome of a job. */
function buildOf(decides: (file: string) => boolean): string {
  const hash = createHash('sha256');
  const files = globSync(judged, { cwd: root.pathname }).filter((file) => decides(file));
  for (const file of files.toSorted()) hash.update(readFileSync(new URL(file, root)));
  return hash.digest('hex').slice(0, 12);
}

const notFinite = new Set(['Infinity', '-Infinity', 'NaN']);
const replaced = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
const revived = (_: string, value: unknown): unknown =>
  typeof value === 'string' && notFinite.has(value) ? Number(value) : value;
