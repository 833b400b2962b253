import { fs, path } from './builtins.ts';
import { isOwnFile } from './own-code.ts';
import { slashed } from './slashed.ts';

// Node's own functions, taken before the app can replace them by a file system of its own
const { readFileSync, realpathSync } = fs;

/** What an entry script may say of itself. */
export interface Entry {
  /** The script that was started, `process.argv[1]`; `undefined` in a REPL or with `--eval`. */
  readonly entry: string | undefined;
  readonly cwd: string;
}

/** The script that this process was started for. A process manager that runs it by a script of its own names it in the environment. */
export function entryOf(host: Pick<NodeJS.Process, 'argv' | 'env' | 'cwd'> = process): Entry {
  const entry = host.env['pm_exec_path'] ?? host.argv[1];
  return { entry, cwd: existing(() => host.cwd()) ?? path.parse(process.execPath).root };
}

/** A folder that was configured, as V8 names the files in it: without links. */
export const realFolder = (folder: string): string => existing(() => realpathSync(folder)) ?? folder;

/**
 * The folder whose code is the app's own, as a real path: of an installed program its package, else the folder of the
 * nearest package.json of the entry script that says more than how to load the files beside it, else the working directory
 * if the script lies in it, else the folder of the script.
 */
export function appRootOf({ entry, cwd }: Entry = entryOf()): string {
  if (entry === undefined) return nearestPackage(realFolder(cwd)) ?? realFolder(cwd);
  const script = existing(() => realpathSync(entry)) ?? path.resolve(cwd, entry);
  const root = installedPackage(script) ?? nearestPackage(script);
  if (root !== undefined) return root;
  const folder = realFolder(cwd);
  return isWithin(folder, script) ? folder : path.dirname(script);
}

/** Tells whose code a file is, as the site table asks it. */
interface Ownership {
  isApp(file: string): boolean;
  isOutlive(file: string): boolean;
}

type Owner = 'app' | 'outlive' | 'other';
const maxFiles = 4096;

/**
 * The app is everything outside Node, `node_modules` and outlive, and everything in its root that is not in a
 * `node_modules` below it: so an installed program counts as an app, and so does what its user gives it to run.
 */
export function ownershipOf({ appRoot }: { readonly appRoot: string }): Ownership {
  const root = `${slashed(appRoot)}/`;
  const owners = new Map<string, Owner>();
  const ownerOf = (file: string): Owner => {
    let owner = owners.get(file);
    if (owner === undefined) {
      if (owners.size >= maxFiles) owners.clear();
      owners.set(file, (owner = ownerOfPath(slashed(file), root)));
    }
    return owner;
  };
  return {
    isApp: (file) => ownerOf(file) === 'app',
    isOutlive: (file) => ownerOf(file) === 'outlive',
  };
}

function ownerOfPath(file: string, root: string): Owner {
  if (isOwnFile(file)) return 'outlive';
  if (/^(?:node|wasm):/.test(file)) return 'other';
  const below = file.startsWith(root) ? file.slice(root.length) : file;
  return inModules.test(below) ? 'other' : 'app';
}

const inModules = /(?:^|\/)node_modules\//;

/** The folder of the package that a file in `node_modules` belongs to. */
function installedPackage(file: string): string | undefined {
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@.][^\\/]*)[\\/]/.exec(file)?.[1];
}

function nearestPackage(start: string): string | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (isPackage(folder)) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Fields of the package.json that builds put into an output folder, to say how its files are to be loaded. */
const loadingFields = new Set(['type', 'main', 'module', 'types', 'sideEffects']);

function isPackage(folder: string): boolean {
  // not by `path.join`, which goes over each character: with the calls of Node's loader it would be compiled at an app's start
  const text = existing(() => readFileSync(`${folder}${path.sep}package.json`, 'utf8'));
  if (text === undefined) return false;
  const fields: unknown = existing(() => JSON.parse(text) as unknown);
  if (typeof fields !== 'object' || fields === null) return true;
  const names = Object.keys(fields);
  return names.length === 0 || names.some((name) => !loadingFields.has(name));
}

function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !/^\.\.[\\/]/.test(relative) && !path.isAbsolute(relative);
}

/** What `read` finds, `undefined` where there is nothing to be read. */
function existing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
