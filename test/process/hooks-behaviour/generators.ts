import { setImmediate as nextTurn } from 'node:timers/promises';

// oxlint-disable-next-line require-yield -- it throws before it can
async function* broken(): AsyncGenerator<number> {
  throw new Error('nobody listens');
}

/** What an app can see of its generators: the order of microtasks, results, rejections, and what escapes. */
export async function generatorBehaviour(): Promise<unknown[]> {
  const seen: unknown[] = [];
  process.on('unhandledRejection', (reason) => seen.push(['unhandled', String(reason)]));
  const ticks = (async () => {
    for (let i = 0; i < 24; i++) {
      await Promise.resolve();
      seen.push(`tick ${i}`);
    }
  })();
  async function* inner(): AsyncGenerator<number, string, string> {
    const got = yield 1;
    seen.push(got);
    await Promise.resolve();
    return 'returned';
  }
  async function* outer(): AsyncGenerator<number, string, string> {
    return yield* inner();
  }
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      seen.push('finally');
    }
  }
  const generator = outer();
  seen.push(await generator.next('ignored'));
  seen.push(await generator.next('sent'));
  seen.push(await generator.next('late'));
  for await (const n of endless()) if (seen.push(n) > 10) break;
  const thrown = endless();
  await thrown.next();
  seen.push(await thrown.throw(new Error('thrown in')).catch(String));
  void broken().next();
  const prototype: unknown = Object.getPrototypeOf(Object.getPrototypeOf(generator));
  for (const name of ['next', 'return', 'throw']) {
    const method = Reflect.get(prototype as object, name) as (this: unknown) => Promise<unknown>;
    seen.push(await method.call({}).catch(String), await Reflect.apply(method, undefined, []).catch(String));
    seen.push([method.name, method.length]);
  }
  await ticks;
  await nextTurn();
  seen.push(Reflect.ownKeys(generator).length);
  return seen;
}
