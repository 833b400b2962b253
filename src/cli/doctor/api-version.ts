import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Check } from './check.ts';

const api = '@opentelemetry/api';
const title = 'OpenTelemetry API';

interface Copy {
  readonly folder: string;
  readonly version: string;
}

/**
 * The API hands out no global provider to a copy that is newer than the one that registered it (its isCompatible()):
 * outlive with 1.10 in an app on 1.9 would be silent, and so would be the app's own libraries.
 */
export function apiVersionCheck(appFolder: string): Check {
  const [ours, apps] = [copyFor(import.meta.url), copyFor(join(appFolder, 'package.json'))];
  if (ours === undefined) {
    return { title, status: 'failed', seen: `${api} is not installed`, remedy: `npm install ${api}` };
  }
  if (apps === undefined || apps.folder === ours.folder) {
    return { title, status: 'ok', seen: `${ours.version}${apps === undefined ? ', not used by the app' : ''}` };
  }
  const isClash = minorOf(ours.version) > minorOf(apps.version) || majorOf(ours.version) !== majorOf(apps.version);
  return {
    title,
    status: isClash ? 'failed' : 'warning',
    seen: `two copies: ${apps.version} for the app, ${ours.version} for outlive`,
    ...(isClash ? { more: ["a provider that the app's copy registers is invisible to outlive's"] } : {}),
    remedy: `\`npm ls ${api}\` shows who brings them; \`npm install ${api}@${ours.version}\` makes them one.`,
  };
}

const majorOf = (version: string): number => Number(version.split('.')[0]);
const minorOf = (version: string): number => Number(version.split('.')[1]);

/** By folder, not by `require.resolve`: that answers a file of the build, and package.json need not be exported. */
function copyFor(from: string): Copy | undefined {
  for (const folder of createRequire(from).resolve.paths(api) ?? []) {
    const file = join(folder, api, 'package.json');
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return { folder: realpathSync(dirname(file)), version };
  }
  return undefined;
}
