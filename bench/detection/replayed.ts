import { readFileSync } from 'node:fs';
import type { Random } from './random.ts';
import type { RecordedType } from './record.ts';
import type { Service } from './service.ts';
import { anyLine, daily, minuteMs, type Part } from './traffic.ts';

const recorded = JSON.parse(readFileSync(new URL('recorded-lifetimes.json', import.meta.url), 'utf8')) as [
  RecordedType,
  ...RecordedType[],
];

/** What real apps were seen to do (`record.ts`), in random company, up to a hundred times as slowly. */
export const replayed: Part = (service) => {
  const { random } = service;
  const slower = random.logBetween(1, 100);
  for (let i = random.integer(2, 6); i > 0; i--) replay(service, random.pick(recorded), slower);
};

function replay(service: Service, type: RecordedType, slower: number): void {
  const { random } = service;
  const line = anyLine(service, type.kind);
  const route = `GET /${random.integer(1, 1e6)}`;
  const openOne = (workMs: number, lifeMs: number, usedEveryMs = Infinity): void => {
    const thing = { endsAtMs: service.appMs + lifeMs * slower, rooted: type.rooted, usedEveryMs };
    if (workMs < 0) service.open(service.ledger.root, line, thing);
    else service.request(route, workMs * slower, (nursery) => void service.open(nursery, line, thing));
  };
  for (let n = 0; n < type.kept; n++) {
    const usedEveryMs = n < type.keptInUse ? random.logBetween(1000, 10 * minuteMs) : Infinity;
    service.after(random.between(0, 10 * minuteMs), () => openOne(100, Infinity, usedEveryMs));
  }
  if (type.lifeMs.length === 0) return;
  const openAsRecorded = (): void => {
    const at = random.integer(0, type.lifeMs.length - 1);
    openOne(type.workMs[at] ?? -1, type.lifeMs[at] ?? 0);
  };
  service.arrivals(rateOf(type, random, slower), openAsRecorded, daily(random));
}

/** As recorded, within what a simulation can take. */
const rateOf = ({ everyMs }: RecordedType, random: Random, slower: number): number =>
  Math.min(1000 / (everyMs * slower), random.logBetween(0.05, 0.5));
