/** As `engines` in package.json has it. */
export const oldestNode = '22.15';

export function isAtLeast(version: string, oldest: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, needed] of oldest.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}

/** Says in one line where outlive cannot work: an app goes on without it. */
export function nodeIsTooOld(version = process.versions.node): boolean {
  if (isAtLeast(version, oldestNode)) return false;
  process.stderr.write(`outlive: it needs Node.js ${oldestNode} or later and is off; this is ${version}\n`);
  return true;
}
