import { attribute, otherName } from './names.ts';
import type { ScalarKey } from './metric-table.ts';
import type { NameCap } from './name-cap.ts';
import type { QueueReading, Readings } from './readings.ts';
import type { ScalarSheet } from './scalar-sheet.ts';

export function fillQueues(sheet: ScalarSheet, readings: Readings, names: NameCap): void {
  for (const queue of [...readings.queues()].toSorted((a, b) => b.size - a.size)) {
    const admitted = names.admits(queue.name);
    const attributes = { [attribute.queueName]: queue.name };
    for (const [key, value] of fieldsOf(queue)) {
      const told = admitted && sheet.set('queues', key, value, attributes);
      if (!told && addsUp.has(key)) sheet.add('other', key, value, { [attribute.queueName]: otherName });
    }
  }
}

/** What makes sense of several queues together. */
const addsUp = new Set<ScalarKey>(['queueSize', 'queueEnqueued', 'queueDequeued', 'queueGrowthRate', 'queueMemory']);

function* fieldsOf(queue: QueueReading): Iterable<readonly [ScalarKey, number]> {
  yield ['queueSize', queue.size];
  yield ['queueGrowthRate', Math.max(queue.growthRatePerS, 0)];
  if (queue.oldestS !== undefined) yield ['queueOldest', queue.oldestS];
  if (queue.enqueued !== undefined) yield ['queueEnqueued', queue.enqueued];
  if (queue.dequeued !== undefined) yield ['queueDequeued', queue.dequeued];
  if (queue.capacity !== undefined) yield ['queueCapacity', queue.capacity];
  if (queue.capacity !== undefined && queue.capacity > 0) yield ['queueUtilization', queue.size / queue.capacity];
  if (queue.memoryBytes !== undefined) yield ['queueMemory', queue.memoryBytes];
}
