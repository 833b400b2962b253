import type { HookGroup } from '../observe/hook.ts';

export interface GovernorOptions {
  /** Share of a core that outlive may take. */
  readonly budgetRatio: number;
  /** At least so long is a look: an export within it is no overrun. */
  readonly windowMs: number;
  /** What it took since the last call, in ms of CPU; what the user asks for more often than by default counts at the default's pace. */
  readonly takeSpentMs: () => number;
  /** The groups that may be detached now, the costliest first. */
  readonly candidates: () => readonly HookGroup[];
  /** Looks at so much of what would be looked at else: from 1 down. */
  readonly setSamplingShare: (share: number) => void;
  /** Attaches all that is wanted but these. */
  readonly detachOnly: (groups: ReadonlySet<HookGroup>) => void;
  readonly tell: (line: string) => void;
}

type Step = { readonly share: number; readonly before: number } | { readonly group: HookGroup };

/** One window suffices where it takes four times its budget. */
const windowsOverBudget = 2;
const farOverBudget = 4;
/** Below half of its budget for so many windows it takes a step back, after a relapse for twice as many. */
const calmRatio = 0.5;
const calmWindows = 10;
const maxCalmWindows = 160;
const shares = [1 / 4, 1 / 16];

/**
 * Keeps outlive within its budget of CPU: first it looks at fewer things, then it detaches groups of hooks, the costliest
 * first; one step at a time, each said out loud, and taken back when it was cheap for long.
 */
export class Governor {
  readonly #o: GovernorOptions;
  readonly #steps: Step[] = [];
  #lastMs: number;
  #over = 0;
  #calm = 0;
  #calmNeeded = calmWindows;

  constructor(options: GovernorOptions, nowMs: number) {
    this.#o = options;
    this.#lastMs = nowMs;
  }

  /** Share of what would be looked at else. */
  get samplingShare(): number {
    return this.#steps.findLast((step) => 'share' in step)?.share ?? 1;
  }

  get detached(): ReadonlySet<HookGroup> {
    return new Set(this.#steps.flatMap((step) => ('group' in step ? [step.group] : [])));
  }

  onSweep(nowMs: number): void {
    const spanMs = nowMs - this.#lastMs;
    if (spanMs < this.#o.windowMs) return;
    this.#lastMs = nowMs;
    this.#look(this.#o.takeSpentMs() / spanMs);
  }

  #look(ratio: number): void {
    const { budgetRatio } = this.#o;
    this.#over = ratio > budgetRatio ? this.#over + 1 : 0;
    this.#calm = ratio < budgetRatio * calmRatio ? this.#calm + 1 : 0;
    if (this.#over >= windowsOverBudget || ratio > budgetRatio * farOverBudget) this.#stepDown(ratio);
    else if (this.#steps.length > 0 && this.#calm >= this.#calmNeeded) this.#stepBack();
  }

  #stepDown(ratio: number): void {
    this.#over = 0;
    const step = this.#nextStep();
    if (step === undefined) return;
    this.#steps.push(step);
    const why = `it takes ${percent(ratio)} of a core, its budget (cpuBudgetMillicores) is ${percent(this.#o.budgetRatio)}`;
    this.#o.tell(
      'share' in step ? `${why}: it looks at ${shareText(step.share)} now` : `${why}: ${step.group} detached`,
    );
    this.#apply();
  }

  #nextStep(): Step | undefined {
    const before = this.samplingShare;
    const share = shares.find((one) => one < before);
    if (share !== undefined) return { share, before };
    const group = this.#o.candidates().find((one) => !this.detached.has(one));
    return group === undefined ? undefined : { group };
  }

  /** What was cheap without it need not be so with it: the next time it waits longer. */
  #stepBack(): void {
    const step = this.#steps.pop();
    this.#calm = 0;
    this.#calmNeeded = Math.min(2 * this.#calmNeeded, maxCalmWindows);
    if (step === undefined) return;
    const what = 'share' in step ? `it looks at ${shareText(step.before)} again` : `${step.group} attached again`;
    this.#o.tell(`it was well within its budget for long: ${what}`);
    this.#apply();
  }

  #apply(): void {
    this.#o.setSamplingShare(this.samplingShare);
    this.#o.detachOnly(this.detached);
  }
}

const percent = (ratio: number): string => `${(100 * ratio).toPrecision(2)} %`;

const shareText = (share: number): string => (share === 1 ? 'all it did' : `1 in ${1 / share} of what it did`);
