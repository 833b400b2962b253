import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import * as eventsModule from 'node:events';
import { describe, it } from 'node:test';
import type { Hook, HookGroup } from '../../../src/observe/hook.ts';
import { HookSet } from '../../../src/observe/hook-set.ts';
import { clients } from '../../../src/observe/hooks/clients.ts';
import { fetchBodies } from '../../../src/observe/hooks/fetch.ts';
import { files } from '../../../src/observe/hooks/files.ts';
import { generators } from '../../../src/observe/hooks/generators.ts';
import { timers } from '../../../src/observe/hooks/timers.ts';
import { webStreams } from '../../../src/observe/hooks/web-streams.ts';
import { observed } from './observed.ts';

function setOf(groups: readonly HookGroup[], broken?: HookGroup) {
  const log: string[] = [];
  const failures: string[] = [];
  const { observer } = observed({ hooks: [] });
  const guard = observer.guard.bind(observer);
  observer.guard = (where, fn) =>
    guard(where, () => {
      try {
        fn();
      } catch {
        failures.push(where);
      }
    });
  const hooks = groups.map((group): Hook => ({
    group,
    attach: () => {
      if (group === broken) throw new Error('of outlive');
      log.push(`+${group}`);
      return () => log.push(`-${group}`);
    },
  }));
  return { set: new HookSet(observer, hooks), log, failures, observer };
}

describe('the set of hooks', () => {
  it('attaches what is wanted, in order, and says what is attached', () => {
    const { set, log } = setOf(['http', 'streams', 'timers']);
    set.attachOnly(new Set(['timers', 'http']));
    assert.deepEqual(log, ['+http', '+timers']);
    assert.deepEqual(set.groups, new Set(['http', 'timers']));
  });

  it('switches one by one, and touches nothing that stays', () => {
    const { set, log } = setOf(['http', 'streams', 'timers']);
    set.attachOnly(new Set(['http', 'streams']));
    set.attachOnly(new Set(['http', 'timers']));
    set.attachOnly(new Set(['http', 'timers']));
    assert.deepEqual(log, ['+http', '+streams', '-streams', '+timers']);
  });

  it('says of a group that is detached while the rest goes on that nobody sees its ends, not at the shutdown', () => {
    const unseen: string[] = [];
    const { observer } = observed({ hooks: [] });
    const hooks = (['http', 'timers'] as const).map((group): Hook => ({
      group,
      attach: () => () => {},
      unseen: () => void unseen.push(group),
    }));
    const set = new HookSet(observer, hooks);
    set.attachOnly(new Set(['http']));
    set.attachOnly(new Set(['timers']));
    set.attachOnly(new Set(['timers']));
    set.detachAll();
    assert.deepEqual(unseen, ['http']);
  });

  it('detaches all in reverse order, once', () => {
    const { set, log } = setOf(['http', 'streams']);
    set.attachOnly(new Set(['http', 'streams']));
    set.detachAll();
    set.detachAll();
    assert.deepEqual(log.slice(2), ['-streams', '-http']);
    assert.equal(set.groups.size, 0);
  });

  it('leaves out a hook that cannot attach, and goes on', () => {
    const { set, log, failures } = setOf(['http', 'streams', 'timers'], 'streams');
    set.attachOnly(new Set(['http', 'streams', 'timers']));
    assert.deepEqual(log, ['+http', '+timers']);
    assert.deepEqual(failures, ['attach streams']);
    set.detachAll();
  });

  it('undoes what was attached later', () => {
    const { set, observer } = setOf(['clients']);
    let undone = 0;
    observer.onDetach(() => undone++);
    set.detachAll();
    assert.equal(undone, 1);
  });

  it('defines no type anew where a group is attached again: the governor may do that for months', () => {
    class Session extends EventEmitter {
      close(): void {}
    }
    const { observer, ledger } = observed({ hooks: [] });
    const hooks = [clients, fetchBodies, files, generators, webStreams, timers];
    const set = new HookSet(observer, hooks);
    const typesAfterAttach = (): number => {
      set.attachOnly(new Set(hooks.map(({ group }) => group)));
      new Session();
      set.detachAll();
      return ledger.types.length;
    };
    const types = typesAfterAttach();
    assert.deepEqual([typesAfterAttach(), typesAfterAttach()], [types, types]);
  });

  it('gives back the names that ES modules import, whatever hook copied them', () => {
    const { observer } = observed({ hooks: [] });
    const view = (): object => Object.fromEntries(Object.entries(eventsModule));
    const before = view();
    const set = new HookSet(observer, [clients, timers]);
    set.attachOnly(new Set(['clients', 'timers']));
    assert.notEqual(Reflect.get(EventEmitter, 'init'), Reflect.get(before, 'init'));
    set.detachAll();
    assert.deepEqual(view(), before);
  });
});
