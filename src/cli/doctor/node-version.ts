import { isAtLeast } from '../../sdk/node-version.ts';
import type { Check } from './check.ts';

/** `engines` is of the form `>=22.15`. */
export function nodeVersionCheck(version: string, engines: string): Check {
  const oldest = engines.replace('>=', '');
  const isEnough = isAtLeast(version, oldest);
  return {
    title: 'Node.js',
    status: isEnough ? 'ok' : 'failed',
    seen: `${version}${isEnough ? '' : `, outlive needs ${oldest}`}`,
    remedy: isEnough ? undefined : `Run the app on Node.js ${oldest} or later.`,
  };
}
