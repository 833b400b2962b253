import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const page = new URL('RESULTS.md', import.meta.url);

/** Puts one bench's text into RESULTS.md between its own marks; the rest of the page is left as it is. */
export const writeSection = (name: string, text: string): void => {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '# Results\n';
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${begin}\n\n${text}\n\n${end}`;
  const [at, until] = [before.indexOf(begin), before.indexOf(end)];
  writeFileSync(
    page,
    at === -1
      ? `${before.trimEnd()}\n\n${section}\n`
      : before.slice(0, at) + section + before.slice(until + end.length),
  );
};

export const takenNote = (): string =>
  `Taken on ${new Date().toISOString().slice(0, 10)} on a shared two-core virtual machine.`;
