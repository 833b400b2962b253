import { attribute, otherName } from './names.ts';
import type { NameCap } from './name-cap.ts';
import type { PoolReading } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

/** Pools of one name add up. */
export function fillPools(sheet: ScalarSheet, pools: Iterable<PoolReading>, names: NameCap): void {
  for (const { name, idle, used } of pools) {
    const told = names.admits(name) ? name : otherName;
    for (const [state, count] of [
      ['idle', idle],
      ['used', used],
    ] as const) {
      sheet.add('pools', 'poolConnections', count, { [attribute.poolName]: told, [attribute.poolState]: state });
    }
  }
}
