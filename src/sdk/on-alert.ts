import type { AlertHandler } from '../telemetry/alerts/handler.ts';
import { brokenRule } from './outlive-error.ts';

const handlers = new Set<AlertHandler>();
const maxHandlers = 10;

export const alertHandlers = (): Iterable<AlertHandler> => handlers;

/**
 * Hands findings to a function of the app that passes them on to people: throttled as for Slack and PagerDuty
 * (`alertMinSeverity`, `alertIntervalMs`, `alertMaxPerHour`), one at a time, tried again with back-off when it throws or
 * rejects. It may be called before outlive starts. For each state of each finding, unthrottled, there is `onFinding()`.
 *
 * @throws OutliveError `OUTLIVE_BAD_ARGUMENT` where the handler is no function, or the 11th
 * @returns undoes it; usable with `using`
 * @example
 * ```ts
 * import { onAlert } from 'outlive';
 *
 * onAlert(async ({ id, action, summary }) => {
 *   if (action !== 'close') await tickets.upsert(id, { title: summary });
 *   else await tickets.close(id);
 * });
 * ```
 */
export function onAlert(handler: AlertHandler): Disposable & (() => void) {
  return handle(handler, 'handler', 'OUTLIVE_BAD_ARGUMENT');
}

/** The option of `start()` of the same name. */
export const onAlertByOption = (handler: AlertHandler): (() => void) =>
  handle(handler, 'onAlert', 'OUTLIVE_BAD_OPTION');

function handle(
  handler: AlertHandler,
  path: string,
  code: 'OUTLIVE_BAD_ARGUMENT' | 'OUTLIVE_BAD_OPTION',
): Disposable & (() => void) {
  const rule = `a function, at most ${maxHandlers} at a time`;
  if (typeof handler !== 'function' || handlers.size >= maxHandlers) {
    throw brokenRule(code, { path, rule, value: handler }, 'E.g. async (alert) => { await tickets.upsert(alert); }.');
  }
  // a function of its own, so that one given twice is undone by its own handle
  const own: AlertHandler = (alert) => handler(alert);
  handlers.add(own);
  const undo = (): void => void handlers.delete(own);
  return Object.assign(undo, { [Symbol.dispose]: undo });
}
