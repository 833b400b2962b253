import { evaluated, inspected, type Post, type Properties } from './inspector.ts';

/**
 * Where an async generator stands: at a `yield` (it goes on only when somebody calls it), at an `await` (it goes on by
 * itself), or at its end.
 */
export type GeneratorState = 'yielded' | 'awaiting' | 'closed';

/** A generator to look at, and the promise of its last `next()` while that is still about. */
export interface GeneratorAndStep {
  readonly generator: object;
  readonly lastStep: object | undefined;
}

/**
 * Asks V8 where async generators stand; nothing else in Node can tell a finished one from one that was left.
 * 25 µs each in a batch of 20, plus 100 µs a call, on Node 22/24/26: for survivors only, and few at a time.
 *
 * @returns one state for each, `undefined` for what is no async generator or is running; nothing at all where there is no
 *   inspector to ask
 */
export function generatorStates(batch: readonly GeneratorAndStep[]): (GeneratorState | undefined)[] {
  return inspected((post) => {
    const states = previewed(
      post,
      batch.map(({ generator }) => generator),
      '[[GeneratorState]]',
    );
    const steps = previewed(
      post,
      batch.map(({ lastStep }, i) => (states[i] === 'suspended' ? lastStep : undefined)),
      '[[PromiseState]]',
    );
    return states.map((state, i) => {
      if (state === 'closed') return 'closed';
      // V8 calls both "suspended": what tells a yield is that the step which led there is over
      if (state === 'suspended') return steps[i] === 'pending' ? 'awaiting' : 'yielded';
      return undefined;
    });
  }, []);
}

/** The source text of the function that made a generator, as V8 has it. */
export function generatorSource(generator: object): string | undefined {
  return inspected((post) => {
    const { objectId } = evaluated(post, generator);
    const { internalProperties } = post('Runtime.getProperties', { objectId, ownProperties: true }) as Properties;
    return internalProperties?.find(({ name }) => name === '[[GeneratorFunction]]')?.value?.description;
  }, undefined);
}

function previewed(post: Post, objects: readonly (object | undefined)[], internalName: string) {
  const { objectId } = evaluated(post, objects);
  const shown = { objectId, ownProperties: true, generatePreview: true };
  const { result } = post('Runtime.getProperties', shown) as Properties;
  return objects.map((_, i) => {
    const preview = result.find(({ name }) => name === String(i))?.value?.preview;
    return preview?.properties.find(({ name }) => name === internalName)?.value;
  });
}
