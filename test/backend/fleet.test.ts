import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, eventually } from './ask.ts';
import { type Backends, startBackends } from './backends.ts';

const processes = 1_000;
const perPost = 100;
/** One process in four leaks; memory is spread evenly from nothing to the limit. */
const leaks = (index: number) => index % 4 === 0;
const limitBytes = 1_000;

let backends: Backends;
let reporting: NodeJS.Timeout;
let sweeps = 0;

before(async () => {
  backends = await startBackends({ withLoki: false });
  await report();
  // nobody is forgotten while the test asks
  reporting = setInterval(() => void report().catch(() => undefined), 1_500);
});
after(async () => {
  clearInterval(reporting);
  await backends?.stop();
});

/** What a fleet of processes says of itself at one moment. */
async function report(): Promise<void> {
  sweeps += 6;
  for (let first = 0; first < processes; first += perPost) {
    const indexes = Array.from({ length: perPost }, (_, offset) => first + offset);
    const response = await fetch(`${backends.collector.otlpUrl}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: indexes.map(processAt) }),
    });
    assert.equal(response.status, 200, await response.text());
  }
}

const texts = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));

function processAt(index: number) {
  const timeUnixNano = `${Date.now()}000000`;
  const sum = (name: string, unit: string, value: number, attributes = {}, isMonotonic = false) => ({
    name,
    unit,
    sum: {
      aggregationTemporality: 2,
      isMonotonic,
      dataPoints: [{ timeUnixNano, startTimeUnixNano: '1', asInt: String(value), attributes: texts(attributes) }],
    },
  });
  const finding = {
    'outlive.finding.type': 'unreleased_stream',
    'outlive.finding.certainty': 'likely',
    'outlive.finding.severity': 'warning',
  };
  return {
    resource: { attributes: texts({ 'service.name': 'shop', 'service.instance.id': `process-${index}` }) },
    scopeMetrics: [
      {
        scope: { name: 'outlive' },
        metrics: [
          sum('outlive.self.sweeps', '{sweep}', sweeps, {}, true),
          sum('process.memory.usage', 'By', Math.floor((index / processes) * limitBytes)),
          sum('outlive.memory.limit', 'By', limitBytes, { 'outlive.memory.limit.source': 'cgroup' }),
          sum('outlive.finding.active', '{finding}', leaks(index) ? 1 : 0, finding),
        ],
      },
    ],
  };
}

const answered = (query: string, holds: (value: number | undefined) => boolean) =>
  eventually(
    () => ask(backends.prometheus.url, query),
    ([sample]) => holds(sample?.value),
    { withinMs: 60_000, what: query },
  );

test('a fleet of a thousand processes is counted, in a tenth of its memory limit each', async () => {
  await answered('fleet:outlive_instances:count{job="shop"}', (count) => count === processes);
  await answered('sum(fleet:outlive_instances_by_memory_used:count)', (count) => count === processes);
  const tenths = await ask(backends.prometheus.url, 'fleet:outlive_instances_by_memory_used:count');
  assert.equal(tenths.length, 10);
  for (const { value, labels } of tenths) assert.equal(value, processes / 10, JSON.stringify(labels));
});

test('a finding is told to be the trouble of so much of the fleet', async () => {
  await answered('fleet:outlive_instances_with_finding:ratio{job="shop"}', (ratio) => ratio === 0.25);
});

test('what is recorded of the fleet does not grow with it', async () => {
  const recorded = await ask(backends.prometheus.url, 'count({__name__=~"(fleet|job):.*"})');
  assert.ok((recorded[0]?.value ?? Infinity) < 30, `${recorded[0]?.value} series`);
});
