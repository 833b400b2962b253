import type { Constants } from './constants.ts';
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
import { heapAlarmsIn, healthyHeaps } from './healthy-heaps.ts';
import { type Raised, Service } from './service.ts';
import { baseTraffic, dayMs, hourMs, type Part } from './traffic.ts';

/**
 * A service without a leak, day after day. None of them has a line of which for more than about ten minutes everything stays
 * open unused and nothing ends: so far that is a leak from boot, which must be told by then, and no rule could know better.
 * Outages and singletons are the exceptions.
 */
export interface Setting {
  /** How long one process lives. */
  readonly lifeMs: (random: Random) => number;
  /** What is told in such a life: false alarms. */
  readonly alarmsIn: (life: {
    readonly random: Random;
    readonly lifeMs: number;
    readonly constants: Constants;
  }) => Alarm[];
}

export type Alarm = Pick<Raised, 'atMs' | 'finding'>;

const weekly = (random: Random): number => random.logBetween(dayMs / 2, 7 * dayMs);
const deployedOften = (random: Random): number => random.logBetween(hourMs / 2, 12 * hourMs);

const setting = (part: Part, lifeMs = weekly): Setting => ({
  lifeMs,
  alarmsIn: (life) => {
    const service = new Service(life.random, life.constants);
    baseTraffic(service);
    part(service);
    service.run(life.lifeMs);
    return service.raised;
  },
});

const lifetimeParts = { iid, autocorrelated, heavyTailed, diurnal, sawTooth, bursts, outages, ttlTimers };
const holderParts = { cacheWarmUp, keyedCache, pools, webSockets, singletons, backgroundLoops };

/** Three or four of them in one service. */
const mixed: Part = (service) => {
  const parts = [...Object.values(lifetimeParts), ...Object.values(holderParts), queues] as const;
  for (let i = service.random.integer(3, 4); i > 0; i--) service.random.pick([iid, ...parts])(service);
};

const heapSettings = Object.fromEntries(
  Object.entries(healthyHeaps).map(([name, holdersOf]): [string, Setting] => [
    name,
    { lifeMs: weekly, alarmsIn: ({ random, lifeMs }) => heapAlarmsIn(holdersOf, random, lifeMs) },
  ]),
);

export const healthySettings: Readonly<Record<string, Setting>> = {
  ...Object.fromEntries(
    Object.entries({ ...lifetimeParts, stalls, ...holderParts, queues, replayed, mixed }).map(([name, part]) => [
      name,
      setting(part),
    ]),
  ),
  deploys: setting(warmStart, deployedOften),
  ...heapSettings,
};

export const isOfHeap = (name: string): boolean => name in heapSettings;
