import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Alert, type AlertAction, alertOf } from '../../../../src/telemetry/alerts/alert.ts';
import { AlertQueue } from '../../../../src/telemetry/alerts/alert-queue.ts';
import { type Outcome, taken } from '../../../../src/telemetry/alerts/outcome.ts';
import { someFinding } from '../fake-readings.ts';
import { FakeTime, turns } from './fake-time.ts';

const sender = { service: 'shop', instance: 'one', describe: () => 'a leak' };
const alert = (id: string, action: AlertAction = 'open'): Alert => alertOf(someFinding({ id }), action, sender);
const failed: Outcome = { is: 'failed', why: 'HTTP 503' };

/** A queue to a receiver that answers as the test says, 'taken' where it says nothing. */
function queue(answers: (Outcome | Promise<Outcome>)[] = [], random = 1) {
  const time = new FakeTime();
  const sent: string[] = [];
  const lost: string[] = [];
  const made = new AlertQueue({
    deliver: async ({ finding, action }) => {
      sent.push(`${action} ${finding.id}`);
      return (await answers.shift()) ?? taken;
    },
    lost: ({ finding }, why) => void lost.push(`${finding.id}: ${why}`),
    nowMs: time.nowMs,
    random: () => random,
    setTimeout: time.setTimeout,
  });
  return { made, sent, lost, time };
}

test('alert queue: messages go one at a time, in order', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<Outcome>();
  const { made, sent } = queue([promise]);
  made.add(alert('a'));
  made.add(alert('b'));
  await turns();
  assert.deepEqual(sent, ['open a']);
  answer(taken);
  await turns();
  assert.deepEqual(sent, ['open a', 'open b']);
});

test('alert queue: after a failure all of it waits, longer each time, and goes on in order', async () => {
  const { made, sent, time } = queue([failed, failed]);
  made.add(alert('a'));
  await turns();
  assert.deepEqual(time.waitsMs, [2_000]);
  made.add(alert('b'));
  await time.pass(2_000);
  assert.deepEqual(sent, ['open a', 'open a']);
  assert.deepEqual(time.waitsMs, [4_000]);
  await time.pass(4_000);
  assert.deepEqual(sent.slice(2), ['open a', 'open b']);
  assert.deepEqual(time.waitsMs, []);
});

test('alert queue: half of each wait is by chance, so that a fleet does not come back at once', async () => {
  const { made, time } = queue([failed], 0.5);
  made.add(alert('a'));
  await turns();
  assert.deepEqual(time.waitsMs, [1_500]);
});

test('alert queue: `retry-after` is kept to, up to a quarter of an hour', async () => {
  const { made, time } = queue([
    { ...failed, retryAfterMs: 30_000 },
    { ...failed, retryAfterMs: 10 ** 9 },
  ]);
  made.add(alert('a'));
  await turns();
  assert.deepEqual(time.waitsMs, [32_000]);
  await time.pass(32_000);
  assert.deepEqual(time.waitsMs, [902_000]);
});

test('alert queue: what is refused is lost at once, and the next one goes', async () => {
  const { made, sent, lost } = queue([{ is: 'refused', why: 'HTTP 404' }]);
  made.add(alert('a'));
  made.add(alert('b'));
  await turns();
  assert.deepEqual(lost, ['a: HTTP 404']);
  assert.deepEqual(sent, ['open a', 'open b']);
});

test('alert queue: a message is tried twelve times', async () => {
  const { made, sent, lost, time } = queue(Array.from({ length: 12 }, () => failed));
  made.add(alert('a'));
  await time.pass(3_600_000);
  assert.equal(sent.length, 12);
  assert.deepEqual(lost, ['a: HTTP 503']);
});

test('alert queue: a message waits for an hour at most', async () => {
  const slow: Outcome = { ...failed, retryAfterMs: 900_000 };
  const { made, sent, lost, time } = queue(Array.from({ length: 9 }, () => slow));
  made.add(alert('a'));
  await time.pass(2 * 3_600_000);
  assert.equal(sent.length, 4);
  assert.deepEqual(lost, ['a: not taken for an hour']);
});

test('alert queue: what is over before anybody was told is not told', async () => {
  const { made, sent, time } = queue([failed]);
  made.add(alert('first'));
  await turns();
  made.add(alert('a'));
  made.add(alert('a', 'close'));
  await time.pass(10_000);
  assert.deepEqual(sent, ['open first', 'open first']);
});

test('alert queue: what may have been told is closed', async () => {
  const { made, sent, time } = queue([failed]);
  made.add(alert('a'));
  await turns();
  made.add(alert('a', 'close'));
  await time.pass(10_000);
  assert.deepEqual(sent, ['open a', 'close a']);
});

test('alert queue: what comes while a message is under way takes its place if that fails', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<Outcome>();
  const { made, sent, time } = queue([promise]);
  made.add(alert('a'));
  await turns();
  made.add(alert('a', 'update'));
  made.add(alert('b'));
  answer(failed);
  await time.pass(10_000);
  assert.deepEqual(sent, ['open a', 'open a', 'open b'], 'still one that opens');
});

test('alert queue: of ten thousand messages a hundred wait, and the others are counted', async () => {
  const { made, lost, time } = queue(Array.from({ length: 100 }, () => failed));
  for (let i = 0; i < 10_000; i++) {
    made.add(alert(`f${i}`));
    await turns();
  }
  assert.equal(made.size, 100);
  assert.equal(lost.length, 9_900);
  assert.equal(time.waitsMs.length, 1, 'one timer');
});

test('alert queue: a flush tries at once what waits, and stops at a failure', async () => {
  const { made, sent, time } = queue([failed, taken, failed]);
  made.add(alert('a'));
  await turns();
  made.add(alert('b'));
  made.add(alert('c'));
  await made.flush();
  assert.deepEqual(sent, ['open a', 'open a', 'open b']);
  assert.equal(made.size, 2);
  assert.equal(time.waitsMs.length, 1);
});

test('alert queue: closed, it sends nothing more and counts what it had', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<Outcome>();
  const { made, sent, lost, time } = queue([promise]);
  made.add(alert('a'));
  await turns();
  made.add(alert('b'));
  made.close();
  answer(failed);
  await turns();
  made.add(alert('c'));
  await made.flush();
  assert.deepEqual(sent, ['open a']);
  assert.deepEqual(lost, ['b: shut down', 'a: HTTP 503']);
  assert.deepEqual(time.waitsMs, []);
});
