import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlpReceiver } from './telemetry/otlp-receiver.ts';
import { running } from './telemetry/run.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
}

const register = new URL('../../src/register.ts', import.meta.url).href;
const program = `${import.meta.dirname}/telemetry/programs/traced.ts`;

test("a finding's log record has the trace and the span of a request that leaked, from the app's own tracer", async (t) => {
  const receiver = await otlpReceiver(t);
  const app = running(['--disable-warning=ExperimentalWarning', '--import', register, program], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BLRP_SCHEDULE_DELAY: '100',
    OUTLIVE_SWEEP_INTERVAL_MS: '100',
    OUTLIVE_CPU_BUDGET_MILLICORES: '500',
  });
  const streams = () =>
    receiver.records.filter(({ attributes }) => attributes['outlive.finding.type'] === 'unreleased_stream');
  await receiver.until(() => streams().length > 0, 60_000).catch(() => undefined);
  app.kill('SIGTERM');
  const { stdout, stderr } = await app.ended;

  const spans = JSON.parse(stdout) as Span[];
  assert.ok(spans.length > 0, stderr);
  const [record] = streams();
  assert.ok(record !== undefined, stderr);
  assert.match(String(record.attributes['code.file.path']), /traced\.ts$/);
  const example = spans.find(({ traceId, spanId }) => traceId === record.traceId && spanId === record.spanId);
  assert.equal(example?.name, 'GET /leaky', JSON.stringify(record));
});
