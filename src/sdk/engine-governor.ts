import type { HookGroup } from '../observe/hook.ts';
import { defaultOf } from './config-table.ts';
import type { Engine } from './engine.ts';
import { Governor } from './governor.ts';
import type { OwnCost } from './own-cost.ts';
import { tellOnce } from './troubles.ts';

/** At the tier's pace, whatever the interval is. */
const sweepsAWindow = 6;
/** Without it no request has an end any more. */
const neverDetached: ReadonlySet<HookGroup> = new Set(['http']);

/** The governor of a running engine. */
export function governorOf(engine: Engine, cost: OwnCost): Governor {
  const { clock, config, hooks, ledger } = engine;
  const speaksOf = (group: HookGroup): boolean =>
    cost.kindsOf(group).some((kind) => {
      const { unreleasedLikely, unreleasedCertain } = ledger.tallyOf(kind);
      return unreleasedLikely + unreleasedCertain > 0;
    });
  return new Governor(
    {
      budgetRatio: config.cpuBudgetMillicores / 1000,
      windowMs: sweepsAWindow * Number(defaultOf('sweepIntervalMs', config.tier)),
      takeSpentMs: () => cost.takeAtDefaultPaceMs(),
      // what a standing finding speaks of must be seen to end
      candidates: () => cost.byCost().filter((group) => !neverDetached.has(group) && !speaksOf(group)),
      setSamplingShare: (share) => void (ledger.samplingShare = share),
      detachOnly: (detached) => hooks.attachOnly(engine.wantedHooks.difference(detached)),
      tell: tellOnce,
    },
    clock.nowMs(),
  );
}
