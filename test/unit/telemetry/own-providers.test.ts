import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownLoggerProvider } from '../../../src/telemetry/own-providers.ts';
import { otlpReceiver } from '../../process/telemetry/otlp-receiver.ts';
import { outletOptions } from './slow-collector.ts';

test('a flush sends events that wait for their next attempt, though none has come since', async (t) => {
  let isDown = true;
  const { url, records } = await otlpReceiver(t, (_request, response) => {
    response.writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' });
    response.end('{}');
  });
  const failed = Promise.withResolvers<unknown>();
  const { provider, flush, shutdown } = await ownLoggerProvider({
    sink: { to: 'otlp', url: `${url}/v1/logs` },
    identity: {},
    intervalMs: 1,
    env: {},
    outlet: { ...outletOptions().options, failed: failed.resolve },
  });
  provider.getLogger('outlive').emit({ eventName: 'outlive.finding' });
  await failed.promise;
  isDown = false;
  await flush();
  assert.equal(records.length, 2);
  await flush();
  assert.equal(records.length, 2, 'it was taken');
  await shutdown();
});
