import type { Probe } from '../lifetime/probe.ts';
import type { TrackedType } from '../lifetime/tracked-type.ts';
import { cleanName } from './clean-name.ts';
import type { Engine } from './engine.ts';
import { runningEngine } from './running.ts';
import { inScope } from './scope.ts';

/** What is told of a task: alive as long as somebody can still settle it. */
class TaskNote {
  settled = false;
}

const taskProbe: Probe = { endOf: (note) => ((note as TaskNote).settled ? 'released' : undefined) };

const typesOf = new WeakMap<Engine, Map<string, TrackedType>>();
const maxNames = 200;

function typeOf(engine: Engine, name: string): TrackedType {
  let types = typesOf.get(engine);
  if (types === undefined) typesOf.set(engine, (types = new Map()));
  const key = types.has(name) || types.size < maxNames ? name : 'other';
  let type = types.get(key);
  if (type === undefined) {
    const advice = 'let it settle: give it a time-out, or pass it the signal that aborts it with its request';
    type = engine.ledger.defineType({ kind: 'task', name: key, probe: taskProbe, judgement: 'scope', advice });
    types.set(key, type);
  }
  return type;
}

/**
 * Runs asynchronous work that belongs to the current request or job and must settle with it, as a scope of its own.
 * One that is still pending long after the work that started it is told as `pending_task`, with the line of this call.
 *
 * @param name low-cardinality, e.g. `send receipt`; at most 80 characters are kept
 * @example
 * ```ts
 * import { task } from 'outlive';
 *
 * void task('send receipt', () => mailer.send(receipt));
 * ```
 */
export function task<R>(name: string, fn: () => R): R {
  const engine = runningEngine();
  if (engine === undefined) return fn();
  const cleaned = cleanName(name);
  const note = new TaskNote();
  engine.observer.guard('task', () => engine.observer.openHeld(note, typeOf(engine, cleaned)));
  return inScope(engine, 'task', cleaned, fn, () => void (note.settled = true));
}
