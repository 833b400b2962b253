import type https from 'node:https';
import { createRequire } from 'node:module';
import type { performance } from 'node:perf_hooks';

// Node before 20.16 has no such function: outlive is off there, but must load to say so
const builtin = process.getBuiltinModule ?? createRequire(import.meta.url);

/**
 * Node's modules that outlive needs before the app's first line, and that nearly every server loads itself. Not by `import`:
 * that reads every export for its named bindings, and `node:http` has getters among them that load undici: 39 ms of CPU
 * instead of 4 (docs/decisions/0011-start-up.md). What an app may do without (tls, zlib, workers, child processes) is not
 * loaded by outlive at all; see observe/hooks/node-classes.ts.
 */
export const asyncHooks = builtin('node:async_hooks');
export const diagnosticsChannel = builtin('node:diagnostics_channel');
export const events = builtin('node:events');
export const fs = builtin('node:fs');
export const http = builtin('node:http');
export const module = builtin('node:module');
export const net = builtin('node:net');
export const path = builtin('node:path');
export const stream = builtin('node:stream');
export const timers = builtin('node:timers');
export const url = builtin('node:url');
export const util = builtin('node:util');

/** `node:https`, where somebody has loaded it. */
export function loadedHttps(): typeof https | undefined {
  const { moduleLoadList } = process as { readonly moduleLoadList?: Iterable<unknown> };
  return new Set(moduleLoadList).has('NativeModule https') ? builtin('node:https') : undefined;
}

/** Node's own `performance`, whatever an app has put into its place. It loads with the first call: 5 million instructions. */
export const nodePerformance = (): typeof performance => builtin('node:perf_hooks').performance;
