// `npm run test:matrix`: the suite on every supported Node, and the built package on the oldest.
// `--nodes 22,26` picks versions, `--quick` leaves the process tests out.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkBuiltPackage } from './built-package.mjs';
import { nodeBinary } from './node-binary.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const oldestNode = '22.15.0';
const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '22,24,26' }, quick: { type: 'boolean', default: false } },
});
const folders = ['test/unit', 'test/contract', 'integrations', ...(values.quick ? [] : ['test/process'])];

/** On 22 contexts may be kept in frames, as on 24 and later, where the app is started with this. */
const frames = '--experimental-async-context-frame';
const keptInFrames = ['test/contract/context', 'test/unit/observe/hooks/http', 'test/unit/observe/hooks/tasks'];

const suiteOn = async (binary, parts = folders, nodeOptions = process.env.NODE_OPTIONS ?? '') => {
  const env = { ...process.env, PATH: dirname(binary) + delimiter + process.env.PATH, NODE_OPTIONS: nodeOptions };
  const child = spawn(binary, [join(root, '.ci/test.mjs'), ...parts], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  // two summaries: what runs side by side, and what runs alone
  const counted = (word) =>
    [...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)`, 'gm'))].reduce((sum, [, count]) => sum + Number(count), 0);
  if (code !== 0) console.log(output);
  return { passed: code === 0, detail: `${counted('pass')} passed, ${counted('fail') + counted('cancelled')} failed` };
};
const packageOn = async (binary) => {
  try {
    await checkBuiltPackage(binary);
    return { passed: true, detail: 'packed, installed, a leak found, started and stopped' };
  } catch (error) {
    console.log(`${error.message}`);
    return { passed: false, detail: 'see above' };
  }
};

const rows = [];
const check = async (what, version, judge) => {
  const startMs = Date.now();
  console.log(`matrix: ${what} on Node ${version} …`);
  const { passed, detail } = await judge(nodeBinary(version));
  const seconds = ((Date.now() - startMs) / 1000).toFixed(0);
  rows.push({ what, node: version, result: passed ? 'ok' : 'FAILED', seconds, detail });
};
const versions = values.nodes.split(',');
for (const version of versions) await check('suite', version, (binary) => suiteOn(binary));
if (versions.includes('22')) await check('contexts in frames', '22', (binary) => suiteOn(binary, keptInFrames, frames));
await check('built package', oldestNode, packageOn);

console.table(rows);
process.exitCode = rows.every(({ result }) => result === 'ok') ? 0 : 1;
