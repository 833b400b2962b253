import type { Random } from './random.ts';
import {
  autocorrelated,
  bursts,
  diurnal,
  heavyTailed,
  iid,
  outages,
  sawTooth,
  stalls,
  ttlTimers,
} from './healthy-lifetimes.ts';
import {
  backgroundLoops,
  cacheWarmUp,
  keyedCache,
  pools,
  singletons,
  warmStart,
  webSockets,
} from './healthy-holders.ts';
import { queues } from './healthy-queues.ts';
import { replayed } from './replayed.ts';
import type { Service } from './service.ts';
import { baseTraffic, dayMs, hourMs, type Part } from './traffic.ts';

/**
 * A service without a leak, day after day. None of them has a line of which for more than about ten minutes everything stays
 * open unused and nothing ends: so far that is a leak from boot, which must be told by then, and no rule could know better.
 * Outages and singletons are the exceptions.
 */
export interface Setting {
  readonly start: (service: Service) => void;
  /** How long one process lives. */
  readonly lifeMs: (random: Random) => number;
}

const weekly = (random: Random): number => random.logBetween(dayMs / 2, 7 * dayMs);
const deployedOften = (random: Random): number => random.logBetween(hourMs / 2, 12 * hourMs);

const setting = (part: Part, lifeMs = weekly): Setting => ({
  start: (service) => {
    baseTraffic(service);
    part(service);
  },
  lifeMs,
});

const lifetimeParts = { iid, autocorrelated, heavyTailed, diurnal, sawTooth, bursts, outages, ttlTimers };
const holderParts = { cacheWarmUp, keyedCache, pools, webSockets, singletons, backgroundLoops };

/** Three or four of them in one service. */
const mixed: Part = (service) => {
  const parts = [...Object.values(lifetimeParts), ...Object.values(holderParts), queues] as const;
  for (let i = service.random.integer(3, 4); i > 0; i--) service.random.pick([iid, ...parts])(service);
};

export const healthySettings: Readonly<Record<string, Setting>> = {
  ...Object.fromEntries(
    Object.entries({ ...lifetimeParts, stalls, ...holderParts, queues, replayed, mixed }).map(([name, part]) => [
      name,
      setting(part),
    ]),
  ),
  deploys: setting(warmStart, deployedOften),
};
