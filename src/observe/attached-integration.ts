import { installedVersion, isAmong } from '../runtime/installed-version.ts';
import { Host, type Surroundings } from './integration-host.ts';
import type { Integration } from './integration.ts';
import type { Detach } from './patch.ts';

export interface Attaching extends Surroundings {
  /** The file that hands the library in, if it is known. */
  readonly usedIn: string | undefined;
  /** Says something to people, in one line. */
  warn(line: string): void;
}

/**
 * Attaches an integration. One that fails is undone and off; with a version of its library that it does not know it says so
 * and stays off. Never throws.
 */
export function attachedIntegration(integration: Integration, attaching: Attaching): Detach {
  const { observer, warn } = attaching;
  const { name, versions } = integration;
  const host = new Host(name, attaching);
  let attached = false;
  observer.guard(`integration ${name}`, () => {
    const unknown = unknownVersion(integration, attaching.usedIn);
    if (unknown === undefined) host.onDetach(integration.attach(host));
    else warn(`the integration of ${name} stays off: it knows ${versionsText(versions)}, and ${unknown} is installed`);
    attached = true;
  });
  if (!attached) host.detach();
  return () => host.detach();
}

function unknownVersion({ name, versions }: Integration, usedIn: string | undefined): string | undefined {
  const installed = usedIn === undefined ? undefined : installedVersion(name, usedIn);
  return installed === undefined || isAmong(installed, versions) ? undefined : installed;
}

const versionsText = (versions: readonly string[]): string =>
  `version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`;
