import { createRequire } from 'node:module';
import { extname } from 'node:path';

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** By its own name, so that it is found from `src` as well as from `dist`. */
export const outlivePackage = createRequire(import.meta.url)('outlive/package.json') as PackageJson;

/** The module to give to `node --import`, as a `file:` URL. */
export const registerUrl = new URL(`../register${extname(import.meta.url)}`, import.meta.url).href;
