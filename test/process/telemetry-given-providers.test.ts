import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { fixture } from './telemetry/fixture.ts';
import { running } from './telemetry/run.ts';

const outlive = pathToFileURL(`${import.meta.dirname}/../../src/index.ts`).href;

for (const [app, what] of [
  ['otel-2', 'API 1.9 and SDK 2.x'],
  ['otel-3', 'API 1.10 and SDK 3.x'],
] as const) {
  test(`${what}: as an instrumentation outlive uses the providers that registerInstrumentations hands it`, async () => {
    const { code, stdout, stderr } = await running(['given.mjs'], { OUTLIVE: outlive }, fixture(app)).ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ours true$/m);
    assert.match(stderr, /metrics and findings go to the app's own provider/);
    assert.doesNotMatch(stderr, /go nowhere/, 'none was made or missed in between');
  });
}
