import assert from 'node:assert/strict';
import { ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { workers } from '../../../../src/observe/hooks/workers.ts';
import { observed } from '../observed.ts';

let undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const fn of undo.splice(0)) await fn();
});
function observedWorkers() {
  const o = observed({ hooks: [workers] });
  undo.push(o.detach);
  return o;
}

const idle = (): Worker => new Worker('setInterval(() => {}, 1000)', { eval: true });
const sleeper = (): ChildProcess => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });

test('workers: a thread that ends with its request is open, then released', async () => {
  const { inRequest, tally, sweep } = observedWorkers();
  const worker = await inRequest('GET /render', idle);
  await once(worker, 'online');
  sweep();
  assert.deepEqual([tally('worker').open, tally('worker').released], [1, 0]);
  await worker.terminate();
  sweep();
  assert.deepEqual([tally('worker').open, tally('worker').released], [0, 1]);
});

test('workers: a process that exits with 0 is released, one that fails has errored', async () => {
  const { tally, sweep } = observedWorkers();
  const children = ['0', '3'].map((code) => spawn(process.execPath, ['-e', `process.exit(${code})`]));
  const missing = spawn('/no/such/program');
  await Promise.all([...children.map((child) => once(child, 'exit')), once(missing, 'error').catch(() => {})]);
  sweep();
  assert.deepEqual([tally('process').opened, tally('process').released, tally('process').errored], [3, 1, 2]);
});

test('workers: one process a request that nobody ends is accused at its line', async () => {
  const { inRequest, sweep, suspicions } = observedWorkers();
  const children: object[] = [];
  // what spawn() makes, without the cost of 48 real processes
  const unended = (): object => new ChildProcess();
  for (let i = 0; i < 48; i++) {
    await inRequest('GET /thumb', () => children.push(unended()));
    sweep(2);
  }
  sweep(40);
  const [suspicion] = suspicions();
  assert.equal(suspicion?.type, 'unclosed_handle');
  assert.equal(suspicion.kind, 'process');
  assert.equal(suspicion.scopeName, 'GET /thumb');
  assert.match(suspicion.site?.frame.file ?? '', /workers\.test\.ts$/);
});

test('workers: one that is made in a request and given work by later ones is adopted', async () => {
  const { inRequest, sweep, suspicions, ledger } = observedWorkers();
  const worker = await inRequest('GET /first', idle);
  undo.push(() => worker.terminate());
  await once(worker, 'online');
  for (let i = 0; i < 30; i++) {
    await inRequest('GET /next', () => worker.postMessage(i));
    sweep(2);
  }
  assert.deepEqual(suspicions(), []);
  const adopted = ledger.types.flatMap((type) => [...type.origins].map((origin) => origin.adopted));
  assert.deepEqual(adopted, [1]);
});

test('workers: a late end takes the accusation away', async () => {
  const { inRequest, sweep, suspicions, tally } = observedWorkers();
  const children: (ChildProcess & { exitCode: number | null })[] = [];
  for (let i = 0; i < 48; i++) {
    await inRequest('GET /thumb', () => children.push(new ChildProcess() as (typeof children)[number]));
    sweep(2);
  }
  sweep(40);
  assert.equal(suspicions().length, 1);
  for (const child of children) child.exitCode = 0;
  sweep();
  assert.deepEqual(suspicions(), []);
  assert.equal(tally('process').open, 0);
});

test('workers: a worker that cannot be made throws as before and is not open', () => {
  const { tally, sweep } = observedWorkers();
  assert.throws(() => new Worker('./no extension', { execArgv: 1 as never }));
  sweep();
  assert.equal(tally('worker').open, 0);
});

test('workers: detach puts Node back to the last property', () => {
  const descriptors = () => [
    Object.getOwnPropertyDescriptor(Worker.prototype, 'postMessage'),
    Object.getOwnPropertyDescriptor(ChildProcess.prototype, 'send'),
  ];
  const before = descriptors();
  observed({ hooks: [workers] }).detach();
  assert.deepEqual(descriptors(), before);
});

test('workers: a real process is open until it exits', async () => {
  const { tally, sweep } = observedWorkers();
  const child = sleeper();
  await once(child, 'spawn');
  sweep();
  assert.equal(tally('process').open, 1);
  child.kill();
  await once(child, 'exit');
  sweep();
  assert.deepEqual([tally('process').open, tally('process').released], [0, 1]);
});

for (const [way, start, use] of [
  [
    'messages',
    () => fork('-', [], { execPath: process.execPath, execArgv: ['-e', "process.on('message', () => {})"] }),
    (child: ChildProcess) => child.send({ next: 1 }),
  ],
  [
    'bytes to its stdin',
    () => spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] }),
    (child: ChildProcess) => child.stdin?.write('next'),
  ],
] as const) {
  test(`workers: a process that is made in a request and given ${way} by later ones is adopted`, async () => {
    const { inRequest, sweep, suspicions, ledger } = observedWorkers();
    const child = await inRequest('GET /first', start);
    undo.push(() => child.kill());
    await once(child, 'spawn');
    for (let i = 0; i < 30; i++) {
      await inRequest('GET /next', () => use(child));
      sweep(2);
    }
    assert.deepEqual(suspicions(), []);
    const ofProcesses = ledger.types.filter(({ kind }) => kind === 'process');
    assert.deepEqual(
      ofProcesses.flatMap((type) => [...type.origins].map((origin) => origin.adopted)),
      [1],
    );
  });
}
