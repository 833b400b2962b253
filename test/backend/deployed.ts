import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const deployFolder = fileURLToPath(new URL('../../deploy', import.meta.url));

/** What the test's clock is faster by: a minute of the rules is a second here. What they say stays as it is. */
const hurry = 60;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A duration where PromQL or a rule file has one: a range, a resolution, an offset, a `for`. */
const duration = /(\[|\d[smhd]:|offset |for: |interval: )(\d+)([smhd])\b/g;

/** Rules and queries with every duration a sixtieth of what it was. */
export const hurried = (text: string): string =>
  text.replace(duration, (_, before: string, count: string, unit: string) => {
    return `${before}${(Number(count) * (unitMs[unit] ?? 0)) / hurry}ms`;
  });

/** A file of `deploy/` with the addresses of this test. Each of them must stand in the file, or the test tests another. */
export function deployed(file: string, replacements: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(join(deployFolder, file), 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`deploy/${file} has no \`${from}\``);
    text = text.replaceAll(from, to);
  }
  return text;
}
