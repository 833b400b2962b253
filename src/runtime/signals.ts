interface Listening {
  _events?: Record<string, unknown>;
  _eventsCount?: number;
}

const nothing = (): void => {};

/**
 * Has Node hear a signal without a listener on `process`: libraries count those to decide whether the process ends
 * (signal-exit raises the signal again only when it is alone). Adding a listener makes Node open the handle; the listener
 * is then taken out of the table without the event that would close it. What comes is `process.emit(name)`, as it was
 * patched when this is called.
 *
 * While the handle stands the default action does not happen: who hears the signal must end the process where nobody listens.
 * @returns closes the handle again unless the app listens by now
 */
export function hearSignal(name: 'SIGTERM' | 'SIGINT'): () => void {
  if (process.listenerCount(name) > 0) return () => {};
  process.on(name, nothing);
  const table = process as unknown as Listening;
  if (table._events?.[name] !== nothing || table._eventsCount === undefined) {
    process.removeListener(name, nothing);
    return () => {};
  }
  Reflect.deleteProperty(table._events, name);
  table._eventsCount--;
  return () => {
    process.on(name, nothing);
    process.removeListener(name, nothing);
  };
}
