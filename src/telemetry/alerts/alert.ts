import type { Finding } from '../../detect/finding.ts';

/** `open`: it was not told before; `update`: it stands still, or got worse; `close`: it is over, or was said in error. */
export type AlertAction = 'open' | 'update' | 'close';

/** One message about one finding, as every channel gets it. */
export interface Alert {
  /** The same in all processes of a service and over restarts: what receivers fold by. */
  readonly id: string;
  /** The same over retries of this message. */
  readonly deliveryId: string;
  readonly action: AlertAction;
  readonly service: string;
  /** `service.instance.id` of the process that speaks, where outlive has it from nobody else. */
  readonly instance: string;
  /** The finding in one line that a person can act on. */
  readonly summary: string;
  readonly finding: Finding;
}

export interface Sender {
  readonly service: string;
  readonly instance: string;
  readonly describe: (finding: Finding) => string;
}

const { createHash } = process.getBuiltinModule('node:crypto');
const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

export function alertOf(finding: Finding, action: AlertAction, { service, instance, describe }: Sender): Alert {
  const id = `outlive-${hashOf(service, finding.type, finding.id)}`;
  return {
    id,
    deliveryId: `outlive-${hashOf(id, instance, action, String(finding.lastSeenMs))}`,
    action,
    service,
    instance,
    summary: describe(finding),
    finding,
  };
}

/** What is sent of two messages about one finding if the older one was not taken yet; `undefined`: nothing. */
export function merged(older: Alert, newer: Alert, olderWasTried: boolean): Alert | undefined {
  if (older.action !== 'open') return newer;
  if (newer.action === 'close') return olderWasTried ? newer : undefined;
  return { ...newer, action: 'open' };
}
