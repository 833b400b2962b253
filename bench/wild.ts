// `npm run bench:wild [-- name …] [--seconds 40]`: published programs that leak, seen by their descriptors without outlive, and
// what outlive says of them. docs/found-in-the-wild.md. Needs Linux and the registry.
import { parseArgs } from 'node:util';
import { table } from './table.ts';
import { programs } from './wild/programs.ts';
import { siteOf, upstream as startUpstream } from './wild/site.ts';
import { underLoad } from './wild/under-load.ts';

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '40' } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(programs);
const unknown = names.filter((name) => !(name in programs));
if (unknown.length > 0) {
  console.error(`bench:wild knows no ${unknown.join(', ')}; it knows ${Object.keys(programs).join(', ')}`);
  process.exit(1);
}
const preload = new URL('../dist/src/register.js', import.meta.url).href;
const upstream = await startUpstream();
process.env['WILD_UPSTREAM'] = upstream.url;
const at = { seconds: Number(values.seconds), upstream: upstream.url };

const rows: string[][] = [];
for (const name of names) {
  const program = programs[name];
  if (program === undefined) continue;
  console.error(`bench: installing ${name} …`);
  const site = siteOf(name, program);
  try {
    console.error(`bench: ${name}, bare and with outlive, ${values.seconds} s each …`);
    const bare = await underLoad(program, site, at);
    const { said } = await underLoad(program, site, { ...at, preload });
    const [first, rest] = [bare.descriptors[0], bare.descriptors.at(-1)];
    const half = bare.descriptors[5];
    const counts = [first, half, bare.descriptors.at(-2), rest].map((one) => `${one?.files} / ${one?.sockets}`);
    const findings = said.split(/^outlive: (?=leak|memory)/m).slice(1);
    rows.push([name, ...counts, String(findings.length)]);
    console.log(findings.map((finding) => `\n${name}: ${finding.trimEnd()}`).join('\n'));
  } finally {
    site.remove();
  }
}
upstream.close();
console.log(
  `\nDescriptors without outlive, files / sockets\n\n${table(['', 'at first', 'at half time', 'at the end', '15 s after it', 'findings'], rows)}`,
);
