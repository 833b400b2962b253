import { setImmediate as nextTurn } from 'node:timers/promises';

/** What an app can see of its web streams: the order of microtasks, chunks, rejections, the shape of what they return. */
export async function webStreamBehaviour(): Promise<unknown[]> {
  const seen: unknown[] = [];
  process.on('unhandledRejection', (reason) => seen.push(['unhandled', String(reason)]));
  const ticks = (async () => {
    for (let i = 0; i < 80; i++) {
      await Promise.resolve();
      seen.push(`tick ${i}`);
    }
  })();
  const letters = () =>
    new ReadableStream<string>({
      start(controller) {
        for (const letter of 'abc') controller.enqueue(letter);
        controller.close();
      },
      cancel: (reason) => void seen.push(['cancelled', reason]),
    });
  const reader = letters().getReader();
  seen.push(await reader.read(), await reader.read());
  reader.releaseLock();
  seen.push(await reader.read().catch(String));
  for await (const letter of letters()) seen.push(letter);
  for await (const letter of letters().values({ preventCancel: true })) if (seen.push(letter) > 0) break;
  const [left, right] = letters().tee();
  seen.push(await new Response(left.pipeThrough(new TextEncoderStream())).text());
  await right.cancel('enough');
  const written: string[] = [];
  await letters().pipeTo(new WritableStream({ write: (chunk) => void written.push(chunk) }));
  seen.push(written);
  const locked = letters();
  locked.getReader();
  seen.push(await locked.pipeTo(new WritableStream()).catch(String));
  for (const name of ['getReader', 'tee', 'pipeTo', 'values'] as const) {
    const method = Reflect.get(ReadableStream.prototype, name) as (this: unknown) => unknown;
    seen.push([method.name, method.length]);
    try {
      seen.push(await method.call({}));
    } catch (error) {
      seen.push(String(error));
    }
  }
  const iterator = letters().values();
  seen.push(Reflect.ownKeys(iterator).map(String), Object.keys(letters()), iterator.next.name);
  void new ReadableStream({ pull: () => Promise.reject(new Error('nobody listens')) }).getReader().read();
  await ticks;
  await nextTurn();
  return seen;
}
