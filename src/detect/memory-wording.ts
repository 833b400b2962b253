import type { Rate } from './finding.ts';
import type { MemoryGrowth } from './memory-growth.ts';
import type { Exhaustion, MemoryLimit, MemoryPool } from './memory-outlook.ts';
import type { AlarmReason, MemoryFacts } from './memory-thresholds.ts';

const whose: Readonly<Record<MemoryLimit['source'], string>> = {
  v8: "V8's heap (`--max-old-space-size`)",
  cgroup: 'the container (cgroup)',
  host: 'the host',
};

/** What an alarm says, and what to do: the advice of a finding. */
export function memoryAdvice(alarm: AlarmReason, facts: MemoryFacts): string {
  const growing = facts.outlook.exhaustion;
  switch (alarm.why) {
    case 'exhaustion':
      return `${exhaustionText(alarm.exhaustion, facts)}: ${remedyOf(alarm.exhaustion.pool, facts)}`;
    case 'limit': {
      const { limit, usedBytes } = alarm;
      const share = Math.round((100 * usedBytes) / limit.bytes);
      const soon = growing === undefined ? '' : `; ${exhaustionText(growing, facts)}`;
      return `${sizeText(usedBytes)} of the ${sizeText(limit.bytes)} of ${whose[limit.source]} are taken (${share} %)${soon}: take less work at a time, or raise the limit`;
    }
    case 'usual': {
      const { medianBytes, warningBytes } = alarm.usual;
      return `${sizeText(facts.rssBytes)} are resident, usual are ${sizeText(medianBytes)} and up to ${sizeText(warningBytes)}: see what has changed, a release or the load`;
    }
    case 'baseline': {
      const { rssBytes } = alarm.baseline;
      return `${sizeText(facts.rssBytes)} are resident, ${sizeText(facts.rssBytes - rssBytes)} over the baseline of ${sizeText(rssBytes)}: see what has changed, a release or the load`;
    }
    case 'growth':
      return `${whatGrows(alarm.pool)} grows by ${rateText(alarm.growth.rate)}: ${remedyOf(alarm.pool, facts)}`;
  }
}

/** `resident memory grows by 50 MB an hour (95 %: 46 to 55): the container (cgroup) is full in about 2 h (1.8 to 2.2)`. */
function exhaustionText({ pool, limit, hours, soonestHours, latestHours }: Exhaustion, facts: MemoryFacts): string {
  const growth = facts.outlook.growth.get(pool);
  const grows = growth === undefined ? '' : `${whatGrows(pool)} grows by ${rateText(growth.rate)}${pace(growth)}, so `;
  return `${grows}${whose[limit.source]} is full in about ${hoursText(hours)} (${hoursText(soonestHours)} to ${hoursText(latestHours)})`;
}

/** Faster by half than on the whole is worth a word. */
const pace = ({ latestPerHour, rate }: MemoryGrowth): string =>
  latestPerHour > 1.5 * rate.value ? ', faster and faster' : '';

function remedyOf(pool: MemoryPool, { outlook }: MemoryFacts): string {
  if (pool === 'heap' || outlook.growth.has('heap'))
    return 'find what holds it (other findings may name it), or raise the limit';
  return "it lies outside JavaScript's heap: look for buffers, native modules and worker threads that stay";
}

const whatGrows = (pool: MemoryPool): string =>
  pool === 'heap' ? 'what survives garbage collection' : 'resident memory';

const rateText = ({ value, low, high }: Rate): string =>
  `${sizeText(value)} an hour (95 %: ${sizeText(low)} to ${sizeText(high)})`;

/** `412 MB`, `1.2 GB`: powers of 1,000. */
export const sizeText = (bytes: number): string =>
  bytes < 10e9 ? `${figure(bytes / 1e6)} MB` : `${figure(bytes / 1e9)} GB`;

const figure = (value: number): string =>
  Math.abs(value) < 9.95 ? String(Number(value.toFixed(1))) : value.toFixed(0);

/** `40 s`, `25 min`, `3.4 h`, `2 d`. */
export function hoursText(hours: number): string {
  if (!Number.isFinite(hours)) return 'never';
  if (hours < 1 / 30) return `${Math.round(hours * 3600)} s`;
  if (hours < 2) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${figure(hours)} h` : `${figure(hours / 24)} d`;
}
