import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { running } from './telemetry/run.ts';

const fileOf = (name: string): URL => new URL(`../../examples/mail-queue/${name}`, import.meta.url);

test('the example of p-queue: the queue that grows is told at its line, and its end; the healthy one is not', async () => {
  const { code, stdout, stderr } = await running([
    '--import',
    fileOf('watch.mjs').href,
    fileURLToPath(fileOf('app.mjs')),
  ]).ended;
  assert.equal(code, 0, stderr);
  const line = /growing_queue at examples\/mail-queue\/app\.mjs:5: \d+ wait in p-queue examples\/mail-queue\/app\.mjs:5/
    .source;
  const told = stdout.trimEnd().split('\n');
  assert.equal(told.length, 3, stdout);
  assert.match(told[0] ?? '', new RegExp(`^raised ${line}$`));
  assert.match(told[1] ?? '', /^\d+ mails wait/);
  assert.match(told[2] ?? '', new RegExp(`^resolved ${line}$`));
});
