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

function isAtLeast(version: string, oldest: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, needed] of oldest.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}
