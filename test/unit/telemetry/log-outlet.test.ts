import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { LogOutlet } from '../../../src/telemetry/log-outlet.ts';
import { attribute } from '../../../src/telemetry/names.ts';
import { exported, outletOptions, SlowCollector } from './slow-collector.ts';

const records = (...names: string[]) =>
  names.map((eventName) => ({ eventName, attributes: {} }) as unknown as ReadableLogRecord);
const namesOf = (batch: unknown) => (batch as ReadableLogRecord[]).map(({ eventName }) => eventName);

/** An event of a finding, called by both. */
const event = (id: string, state: string, type = 'unreleased_stream') =>
  ({
    eventName: `${id} ${state}`,
    attributes: { [attribute.findingId]: id, [attribute.findingState]: state, [attribute.findingType]: type },
  }) as unknown as ReadableLogRecord;

test('logs: what was not taken is sent again with what comes next, in order', async () => {
  const collector = new SlowCollector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a', 'b'));
  exported(outlet, records('c'));
  await collector.answer(1);
  assert.equal(collector.batches.length, 1);
  exported(outlet, records('d'));
  assert.deepEqual(namesOf(collector.batches[1]), ['a', 'b', 'c', 'd']);
  await collector.answer(0);
  exported(outlet, records('e'));
  assert.deepEqual(namesOf(collector.batches[2]), ['e']);
});

test('logs: what came while an export was under way follows when it is through', async () => {
  const collector = new SlowCollector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a'));
  exported(outlet, records('b'));
  await collector.answer(0);
  assert.deepEqual(collector.batches.map(namesOf), [['a'], ['b']]);
});

test('logs: a flush tries once more what is left', async () => {
  const collector = new SlowCollector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a'));
  await collector.answer(1);
  const flushed = outlet.forceFlush();
  await turn();
  await collector.answer(0);
  await flushed;
  assert.deepEqual(collector.batches.map(namesOf), [['a'], ['a']]);
});

test('logs: a dead collector leaves at most 512 records waiting, and the drops are counted', async () => {
  const collector = new SlowCollector();
  const { options, drops } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  for (let i = 0; i < 2000; i++) exported(outlet, records(`r${i}`));
  assert.deepEqual(drops, { events_lost: 2000 - 1 - 512 });
  await collector.answer(1);
  exported(outlet, records('last'));
  const sent = namesOf(collector.batches[1]);
  assert.equal(sent.length, 512);
  assert.equal(sent.at(-1), 'last');
});

test('logs: what was not taken is sent again by itself, later each time', async () => {
  const collector = new SlowCollector();
  const { options, pass, waitsMs } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  exported(outlet, records('a'));
  const waits: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    await collector.answer(1);
    waits.push(...waitsMs());
    pass();
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000]);
  await collector.answer(0);
  assert.deepEqual(waitsMs(), []);
  assert.deepEqual(collector.batches.map(namesOf), [['a'], ['a'], ['a'], ['a'], ['a']]);
});

test('logs: in an outage of a day each finding keeps what became of it and its last heartbeat', async () => {
  const collector = new SlowCollector();
  const { options, drops } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  const ids = Array.from({ length: 200 }, (_, index) => `f${index}`);
  exported(outlet, [event('over', 'raised'), event('over', 'updated'), event('over', 'resolved')]);
  exported(
    outlet,
    ids.map((id) => event(id, 'raised')),
  );
  const heartbeats = 1_440;
  for (let minute = 0; minute < heartbeats; minute++) {
    exported(
      outlet,
      ids.map((id) => event(id, 'updated')),
    );
    if (minute % 100 === 0) await collector.answer(1);
  }
  await collector.answer(1);
  collector.batches.length = 0;
  exported(outlet, [event('f7', 'resolved')]);
  const sent = namesOf(collector.batches[0]);
  assert.ok(sent.length <= 512, `${sent.length}`);
  for (const id of ids) assert.ok(sent.includes(`${id} raised`) && sent.includes(`${id} updated`), id);
  assert.deepEqual([sent[0], sent.at(-1)], ['over raised', 'f7 resolved']);
  assert.ok(sent.includes('over resolved'));
  assert.equal(drops.events_lost, undefined);
  assert.equal(drops.heartbeats_folded, 3 + 200 + 200 * heartbeats + 1 - sent.length);
});

test('logs: an outlet that is shut down tries once more, and no more after that', async () => {
  const collector = new SlowCollector();
  const { options, waitsMs } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  exported(outlet, records('a'));
  const down = outlet.shutdown();
  for (let i = 0; i < 3; i++) {
    await turn();
    await collector.answer(1);
  }
  await down;
  assert.equal(collector.batches.length, 2);
  assert.deepEqual(waitsMs(), []);
});

test('logs: what is refused for its size is sent in parts, and all of it arrives in order', async () => {
  const collector = new SlowCollector();
  const { options, drops, waitsMs } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  const names = Array.from({ length: 100 }, (_, index) => `r${index}`);
  exported(outlet, records(...names));
  const taken: string[] = [];
  while (collector.answers.length > 0) {
    const batch = namesOf(collector.batches.at(-1)).map(String);
    if (batch.length > 30) {
      await collector.refuse(413);
    } else {
      taken.push(...batch);
      await collector.answer(0);
    }
  }
  assert.deepEqual(taken, names);
  assert.deepEqual([drops, waitsMs()], [{}, []]);
});

test('logs: one record that is refused for ever takes at most 15 others with it, counted, and holds none back', async () => {
  const collector = new SlowCollector();
  const { options, drops, waitsMs } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  const names = Array.from({ length: 512 }, (_, index) => (index === 77 ? 'bad' : `r${index}`));
  exported(outlet, records(...names));
  const taken: string[] = [];
  while (collector.answers.length > 0) {
    const batch = namesOf(collector.batches.at(-1)).map(String);
    if (batch.includes('bad')) {
      await collector.refuse(400);
    } else {
      taken.push(...batch);
      await collector.answer(0);
    }
  }
  const { events_lost: lost = 0 } = drops;
  assert.ok(lost > 0 && lost <= 16, `${lost}`);
  assert.equal(taken.length, 512 - lost);
  assert.ok(collector.batches.length < 40, `${collector.batches.length} requests`);
  assert.deepEqual(waitsMs(), []);
});

test('logs: a flush waits for what came while an export was under way', async () => {
  const collector = new SlowCollector();
  const outlet = new LogOutlet(collector, outletOptions().options);
  exported(outlet, records('a'));
  exported(outlet, records('b'));
  let flushed = false;
  const flush = outlet.forceFlush().then(() => (flushed = true));
  await collector.answer(0);
  assert.deepEqual([collector.batches.map(namesOf), flushed], [[['a'], ['b']], false]);
  await collector.answer(0);
  await flush;
});

test('logs: no heartbeat is folded into an event of another type at the same line, which has the same id', async () => {
  const collector = new SlowCollector();
  const { options, drops } = outletOptions();
  const outlet = new LogOutlet(collector, options);
  exported(outlet, records('under way'));
  exported(outlet, [event('f', 'updated', 'leaked_client'), event('f', 'resolved', 'client_churn')]);
  exported(
    outlet,
    Array.from({ length: 511 }, () => event('g', 'updated')),
  );
  await collector.answer(0);
  assert.equal(namesOf(collector.batches[1])[0], 'f updated');
  assert.deepEqual(drops, { heartbeats_folded: 1 });
});
