import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueType } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';
import { RequestDurations } from '../../../src/telemetry/request-durations.ts';
import { collectedBy } from './collected.ts';
import { FakeReadings } from './fake-readings.ts';

const method = 'http.request.method';
const scheme = 'url.scheme';
const status = 'http.response.status_code';

function produced(temporality: sdk.AggregationTemporality) {
  const readings = new FakeReadings();
  let wallMs = 1_000_500;
  const durations = new RequestDurations({
    times: readings.requests,
    version: '1',
    sdk,
    temporality,
    valueType: ValueType.DOUBLE,
    wallMs: () => (wallMs += 1000),
  });
  const points = async () => {
    const { resourceMetrics } = await durations.collect();
    const [metric] = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    return (metric?.dataPoints ?? []) as sdk.DataPoint<sdk.Histogram>[];
  };
  return { readings, points };
}

test('requests: those under way are told by method and scheme', async () => {
  const readings = new FakeReadings();
  const { collect } = collectedBy(readings);
  readings.requests.begin(readings.requests.activeOf('GET *', true));
  readings.requests.begin(readings.requests.activeOf('GET *', true));
  readings.requests.begin(readings.requests.activeOf('OTHER *', false));
  const { value } = await collect();
  assert.equal(value('http.server.active_requests', { [method]: 'GET', [scheme]: 'https' }), 2);
  assert.equal(value('http.server.active_requests', { [method]: '_OTHER', [scheme]: 'http' }), 1);
});

test('requests: durations go to the reader ready-made, running totals', async () => {
  const { readings, points } = produced(sdk.AggregationTemporality.CUMULATIVE);
  assert.deepEqual(await points(), [], 'no metric before the first request');
  readings.request('GET /orders/:id', 200, 20);
  readings.request('GET /orders/:id', 200, 2000);
  readings.request('POST *', 503, 1);
  await points();
  const [orders, failed] = await points();
  assert.deepEqual(orders?.attributes, {
    [method]: 'GET',
    [scheme]: 'http',
    'http.route': '/orders/:id',
    [status]: 200,
  });
  assert.deepEqual(orders?.value.buckets, { boundaries: [0.01, 0.05, 0.25, 1, 5], counts: [0, 1, 0, 0, 1, 0] });
  assert.deepEqual([orders?.value.count, orders?.value.sum, orders?.value.max], [2, 2.02, 2]);
  assert.deepEqual(failed?.attributes, { [method]: 'POST', [scheme]: 'http', [status]: 503, 'error.type': '503' });
  assert.deepEqual(orders?.startTime, [1001, 500_000_000]);
});

test('requests: an exporter that wants deltas gets what came since the last collection', async () => {
  const { readings, points } = produced(sdk.AggregationTemporality.DELTA);
  readings.request('GET *', 200, 20);
  assert.equal((await points())[0]?.value.count, 1);
  readings.request('GET *', 200, 20);
  readings.request('GET *', 200, 30);
  const [later] = await points();
  assert.deepEqual([later?.value.count, later?.value.sum, later?.value.buckets.counts[1]], [2, 0.05, 2]);
  assert.deepEqual(await points(), []);
});

test('requests: the busiest routes have series of their own, and the sum stays whole', async () => {
  const { readings, points } = produced(sdk.AggregationTemporality.CUMULATIVE);
  for (let route = 0; route < 30; route++) {
    for (let i = 0; i <= route; i++) readings.request(`GET /${route}`, 200, 5);
  }
  const all = await points();
  assert.deepEqual(
    all.map(({ attributes }) => attributes['http.route']),
    ['/29', '/28', '/27', '/26', 'other'],
  );
  assert.equal(
    all.reduce((sum, { value }) => sum + value.count, 0),
    465,
  );
});

test('requests: on an app’s own provider each is recorded as it ends, until outlive is detached', async () => {
  const readings = new FakeReadings();
  const { instruments, collect } = collectedBy(readings);
  readings.request('GET /a', 200, 500);
  instruments.detach();
  readings.request('GET /a', 200, 500);
  const { value } = await collect();
  const attributes = { [method]: 'GET', [scheme]: 'http', 'http.route': '/a', [status]: 200 };
  assert.equal(value('http.server.request.duration', attributes), 0.5);
});

test('requests: where the conventions’ metrics are off, nothing is told of them', async () => {
  const readings = new FakeReadings();
  const { collect } = collectedBy(readings, { runtime: false });
  readings.request('GET /a', 200, 500);
  const { metrics } = await collect();
  assert.deepEqual(
    [...metrics.keys()].filter((name) => /^(http|db)\./.test(name)),
    [],
  );
});

test('pools: connections by state; of pools that have one name the sum', async () => {
  const readings = new FakeReadings();
  readings.ofPools = [
    { name: 'db:5432/shop', idle: 1, used: 4 },
    { name: 'db:5432/shop', idle: 1, used: 1 },
  ];
  const { value } = await collectedBy(readings).collect();
  const of = (state: string) => ({
    'db.client.connection.pool.name': 'db:5432/shop',
    'db.client.connection.state': state,
  });
  assert.equal(value('db.client.connection.count', of('idle')), 2);
  assert.equal(value('db.client.connection.count', of('used')), 5);
});
