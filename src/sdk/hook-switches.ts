import { hookGroups } from '../observe/hook.ts';
import type { HookGroup } from '../observe/hook.ts';

/** `timers` switches a group on, `-timers` switches it off. */
export type HookSwitch = 'all' | 'none' | HookGroup | `-${HookGroup}`;

export const hookSwitches: readonly HookSwitch[] = [
  'all',
  'none',
  ...hookGroups,
  ...hookGroups.map((group): HookSwitch => `-${group}`),
];

export const hookSwitchRule = `\`all\`, \`none\` or a hook group, with \`-\` before it to switch it off (${hookGroups.join(', ')})`;

/** Reads switches from left to right. A list that begins with `-…` begins from all groups, any other from none. */
export function groupsOf(switches: readonly HookSwitch[]): ReadonlySet<HookGroup> {
  const groups = new Set<HookGroup>(switches[0]?.startsWith('-') ? hookGroups : []);
  for (const word of switches) {
    if (word === 'all') for (const group of hookGroups) groups.add(group);
    else if (word === 'none') groups.clear();
    else {
      const group = hookGroups.find((name) => name === word || `-${name}` === word);
      if (group === word) groups.add(group);
      else if (group) groups.delete(group);
    }
  }
  return groups;
}
