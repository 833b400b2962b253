import { http } from '../../runtime/builtins.ts';
import type { Stamp } from '../../runtime/stamp.ts';
import type { Observer } from '../observer.ts';
import { type Detach, detachAll, patchMethod } from '../patch.ts';
import { type ClientNote, noteOf } from './client-note.ts';

/** Each request through an agent is a use of it; for some it makes a connection. */
export function agentUse(observer: Observer, notes: Stamp<ClientNote>): Detach {
  const counted = (name: 'addRequest' | 'createSocket', count: (note: ClientNote) => void): Detach => {
    const counts = observer.safely('agent use', (agent: object) => count(noteOf(notes, agent)));
    return patchMethod(
      http.Agent.prototype,
      name,
      (original, state) =>
        function use(this: object): unknown {
          if (state.active) counts(this);
          return Reflect.apply(original, this, arguments);
        },
    );
  };
  return detachAll([
    counted('addRequest', (note) => void note.uses++),
    counted('createSocket', (note) => void note.connects++),
  ]);
}
