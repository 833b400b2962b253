import { leaks } from '../leaks.mjs';

/** Runs a call under a signal of its own, which fires at the call's deadline or when the gateway shuts down. */
export async function withCallSignal({ shutdown, deadlineMs }, call) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const deadline = setTimeout(abort, deadlineMs);
  shutdown.addEventListener('abort', abort); // leak: listeners
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(deadline);
    if (!leaks.has('listeners')) shutdown.removeEventListener('abort', abort); // fix: listeners
  }
}
