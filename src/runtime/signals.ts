import { constants } from 'node:os';

interface SignalHandle {
  unref(): void;
  start(signal: number): number;
  close(): void;
  onsignal: (signal: number) => void;
}

const pendingDeprecation =
  process.execArgv.includes('--pending-deprecation') || process.env['NODE_PENDING_DEPRECATION'] === '1';

function signalHandle(): SignalHandle | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => { Signal?: new () => SignalHandle } };
  if (binding === undefined || pendingDeprecation) return undefined;
  try {
    const { Signal } = Reflect.apply(binding, process, ['signal_wrap']) as { Signal?: new () => SignalHandle };
    return Signal === undefined ? undefined : new Signal();
  } catch {
    return undefined;
  }
}

/**
 * Hears of a signal without a listener on `process`: libraries count those to decide whether the process ends
 * (signal-exit raises the signal again only when it is alone). libuv serves several handles of one signal.
 * While a handle stands, the default action does not happen, so whoever hears must end the process where nobody else listens.
 *
 * @returns undoes it; does nothing where the handle cannot be had (worker threads, `--pending-deprecation`)
 */
export function onSignal(name: 'SIGTERM' | 'SIGINT', heard: () => void): () => void {
  const handle = signalHandle();
  if (handle === undefined) return () => {};
  handle.unref();
  handle.onsignal = () => heard();
  if (handle.start(constants.signals[name]) !== 0) {
    handle.close();
    return () => {};
  }
  let open = true;
  return () => {
    if (open) handle.close();
    open = false;
  };
}
