import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hookGroups } from '../../../src/observe/hook.ts';
import { groupsOf } from '../../../src/sdk/hook-switches.ts';
import type { HookSwitch } from '../../../src/sdk/hook-switches.ts';

const without = (...names: string[]) => hookGroups.filter((group) => !names.includes(group));

describe('hook switches', () => {
  for (const [switches, groups] of [
    [['all'], hookGroups],
    [['none'], []],
    [[], []],
    [
      ['http', 'streams'],
      ['http', 'streams'],
    ],
    [['-timers', '-listeners'], without('timers', 'listeners')],
    [['all', '-timers'], without('timers')],
    [['-timers', 'timers'], hookGroups],
    [['http', 'none', 'files'], ['files']],
  ] as readonly (readonly [readonly HookSwitch[], readonly string[]])[]) {
    it(`\`${switches.join(',')}\` attaches ${groups.length} groups`, () => {
      assert.deepEqual([...groupsOf(switches)].toSorted(), groups.toSorted());
    });
  }
});
