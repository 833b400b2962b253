import { opendir, open } from 'node:fs/promises';
import type { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const functionOf = ({ value }: PropertyDescriptor) => (typeof value === 'function' ? [value as () => unknown] : []);

/** What an app can see of its files: results, errors, the order of a handle's events, the shape of its methods. */
export async function fileBehaviour(): Promise<unknown[]> {
  const seen: unknown[] = [];
  process.on('unhandledRejection', (reason) => seen.push(['unhandled', String(reason)]));
  const handle = await open(import.meta.filename);
  (handle as unknown as EventEmitter).on('close', () => seen.push('close event'));
  const buffer = Buffer.alloc(6);
  seen.push((await handle.read(buffer, 0, 6, 0)).bytesRead, buffer.toString());
  seen.push((await handle.readFile('utf8')).length, await handle.write('x').catch(String));
  const closing = handle.close();
  seen.push('closing', handle.fd);
  await closing;
  seen.push(await handle.read(buffer).catch(String), await handle.close().catch(String));
  const prototype = Object.getPrototypeOf(handle) as object;
  for (const name of ['read', 'write', 'readFile', 'emit']) {
    const method = Reflect.get(prototype, name) as (this: unknown) => unknown;
    seen.push([method.name, method.length]);
  }
  const dir = await opendir(import.meta.dirname);
  seen.push(typeof (await dir.read())?.name, await dir.close(), await dir.read().catch(String));
  const callback = fs.opendirSync(import.meta.dirname);
  await new Promise<void>((resolve) =>
    callback.read((error, entry) => resolve(void seen.push(error, typeof entry?.name))),
  );
  await new Promise<void>((resolve) => callback.close((error) => resolve(void seen.push(error))));
  const iterated: string[] = [];
  for await (const { name } of await opendir(import.meta.dirname)) iterated.push(name);
  seen.push(iterated.toSorted((a, b) => a.localeCompare(b)));
  for (const { name, length } of Object.values(Object.getOwnPropertyDescriptors(fs.Dir.prototype)).flatMap(functionOf))
    seen.push([name, length]);
  void open('/nowhere/at all');
  await nextTurn();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return seen;
}
