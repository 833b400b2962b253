/**
 * Whether this is the main thread, without `node:worker_threads`, which costs 2.8 ms of CPU to load: in a worker, Node puts
 * in place of what would end or move the whole process a function that says so.
 */
export const isMainThread = (process.abort as { readonly disabled?: unknown }).disabled !== true;
