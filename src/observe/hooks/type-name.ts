import { libraryOf } from '../../lifetime/library.ts';
import { fs, http, net, stream } from '../../runtime/builtins.ts';
import { isOwnFile } from '../../runtime/own-code.ts';
import { capturedFrames } from '../../runtime/stack.ts';
import { classWithin, constructorNameOf, isHttpsAgent, isHttpsServer, isZlib } from './node-classes.ts';

/**
 * The library-qualified name of a type, e.g. `pg.Client`, `fs.ReadStream`. The library is the package of the innermost
 * frame in `node_modules`, so it must be asked inside the constructor; once a type.
 */
export function typeNameOf(prototype: object): string {
  const known = builtInName(prototype);
  if (known !== undefined) return known;
  const name = constructorNameOf(prototype) || 'anonymous';
  const innermost = capturedFrames(32).find(({ file }) => !isOwnFile(file))?.file ?? '';
  const library = libraryOf(innermost);
  return library === '' ? name : `${library}.${name}`;
}

/** The names of Node's own classes, as its documentation writes them. */
function builtInName(prototype: object): string | undefined {
  const name = constructorNameOf(prototype);
  const is = (exported: unknown): boolean => (exported as { prototype?: unknown } | undefined)?.prototype === prototype;
  for (const [module, exports] of Object.entries({ stream, net, http })) {
    // not by reading it: `http` has getters that load undici
    if (is(Object.getOwnPropertyDescriptor(exports, name)?.value)) return `${module}.${name}`;
  }
  // its streams stand behind getters, which load no more than the class that was met
  if (/^[A-Z]/.test(name) && is(Reflect.get(fs, name))) return `fs.${name}`;
  if (isHttpsAgent(prototype) || isHttpsServer(prototype)) return `https.${name}`;
  if (classWithin(prototype, isZlib) !== undefined && is(Reflect.get(process.getBuiltinModule('node:zlib'), name)))
    return `zlib.${name}`;
  return undefined;
}
