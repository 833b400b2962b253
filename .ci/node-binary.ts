import { spawnSync } from 'node:child_process';

/** The path of a Node binary by version (`22`, `22.15.0`): this very process where it fits, else fetched once by npx. */
export const nodeBinary = (version: string): string => {
  if (`${process.versions.node}.`.startsWith(`${version}.`)) return process.execPath;
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  if (status !== 0) throw new Error(`node@${version} could not be installed by npx:\n${stderr}`);
  return stdout.trim();
};
