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
import type { Service } from './service.ts';
import { baseTraffic, dayMs, hourMs, type Part } from './traffic.ts';

/** A service without a leak, day after day. */
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
    Object.entries({ ...lifetimeParts, stalls, ...holderParts, queues, mixed }).map(([name, part]) => [
      name,
      setting(part),
    ]),
  ),
  deploys: setting(warmStart, deployedOften),
};
