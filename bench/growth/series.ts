import type { Random } from '../detection/random.ts';

/** How floors of the heap come about, in noise of deviation 1 on a growth of `gain` over all of them. */
export interface Setting {
  readonly name: string;
  readonly floors: number;
  /** What noise keeps from one floor to the next at the usual distance. */
  readonly memory: number;
  /** Collections come at random, not at the same distance. */
  readonly irregular?: boolean;
  /** One in so many is amid a burst, up to 20 deviations high. */
  readonly burstEvery?: number;
  /** Noise lies on top only, as garbage does. */
  readonly oneSided?: boolean;
  /** The lowest of so many neighbours is taken, as where more floors are known than are judged. */
  readonly blocksOf?: number;
}

export interface Floors {
  readonly x: number[];
  readonly y: number[];
}

export function floorsOf(setting: Setting, gain: number, random: Random): Floors {
  const { floors, memory } = setting;
  const x: number[] = [];
  let at = 0;
  for (let i = 0; i < floors; i++) x.push((at += setting.irregular ? 0.2 - 0.8 * Math.log(1 - random.next()) : 1));
  const perStep = gain / (at - (x[0] ?? 0));
  let level = random.normal();
  const y = x.map((now, i) => {
    const kept = memory === 0 ? 0 : memory ** (now - (x[i - 1] ?? now - 1));
    if (i > 0) level = kept * level + Math.sqrt(1 - kept * kept) * random.normal();
    return perStep * now + (setting.oneSided ? Math.abs(level) : level) + burst(setting, random);
  });
  return { x, y };
}

const burst = ({ burstEvery }: Setting, random: Random): number =>
  burstEvery !== undefined && random.chance(1 / burstEvery) ? random.between(0, 20) : 0;
