import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import stream from 'node:stream';
import zlib from 'node:zlib';
import { libraryOf } from '../../lifetime/library.ts';
import { capturedFrames } from '../../runtime/stack.ts';

/** Names of Node's own constructors as their documentation writes them. */
const builtIn = new Map<unknown, string>();
for (const [module, exports] of Object.entries({ stream, net, fs, http, https, zlib } as Record<string, object>)) {
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === 'function' && /^[A-Z]/.test(name) && !builtIn.has(value))
      builtIn.set(value, `${module}.${name}`);
  }
}

/** The constructor's name of a prototype, read without running any code of the app. */
export function constructorNameOf(prototype: object): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function') return '';
  const name: unknown = Object.getOwnPropertyDescriptor(constructor, 'name')?.value;
  return typeof name === 'string' ? name.slice(0, 80) : '';
}

/**
 * The library-qualified name of a type, e.g. `pg.Client`, `fs.ReadStream`. The library is the package of the innermost
 * frame in `node_modules`, so it must be asked inside the constructor; once a type.
 */
export function typeNameOf(prototype: object): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const known = builtIn.get(constructor);
  if (known !== undefined) return known;
  const name = constructorNameOf(prototype) || 'anonymous';
  const innermost = capturedFrames(32).find(({ file }) => !isOwnFile(file))?.file ?? '';
  const library = libraryOf(innermost);
  return library === '' ? name : `${library}.${name}`;
}

const ownRoot = decodeURIComponent(new URL('../../', import.meta.url).pathname);

/** Whether a file is part of outlive. */
export const isOwnFile = (file: string): boolean => file.startsWith(ownRoot);
