import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '@opentelemetry/api';
import { findingRecord } from '../../../src/telemetry/finding-event.ts';
import { someFinding } from './fake-readings.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test('the event has every attribute of the contract, in its units', () => {
  const finding = someFinding({ retainedBy: 'global.cache → Map', state: 'updated' });
  const { eventName, body, attributes, timestamp } = findingRecord(finding, 'destroy it', api);
  assert.equal(eventName, 'outlive.finding');
  assert.equal(body, 'destroy it');
  assert.equal(timestamp, Date.UTC(2030, 0, 1));
  assert.deepEqual(attributes, {
    'outlive.finding.id': 'f1',
    'outlive.finding.type': 'unreleased_stream',
    'outlive.finding.detector': 'outlived',
    'outlive.finding.certainty': 'likely',
    'outlive.finding.severity': 'warning',
    'outlive.finding.state': 'updated',
    'outlive.finding.count': 17,
    'outlive.finding.bytes': 65_536,
    'outlive.finding.age': 90,
    'outlive.finding.rate.value': 60,
    'outlive.finding.rate.low': 41,
    'outlive.finding.rate.high': 84,
    'outlive.finding.pattern': 'linear',
    'outlive.finding.advice': 'destroy the stream, or read it to its end',
    'outlive.finding.retained_by': 'global.cache → Map',
    'outlive.resource.kind': 'stream',
    'outlive.resource.type': 'fs.ReadStream',
    'outlive.scope.name': 'GET /files/:id',
    'code.file.path': 'src/files.js',
    'code.line.number': 12,
    'code.column.number': 9,
    'code.function.name': 'sendFile',
    'code.stacktrace': 'at sendFile (src/files.js:12:9)\nat handle (src/app.js:3:1)',
  });
});

test('a hint is told as information, not as a warning', () => {
  const hint = someFinding({ type: 'client_churn', severity: 'info', kind: 'client', sockets: 34 });
  const { severityText, severityNumber, attributes } = findingRecord(hint, 'body', api);
  assert.deepEqual([severityText, severityNumber, attributes?.['outlive.finding.sockets']], ['INFO', 9, 34]);
});

test('a finding that goes on as another one names that', () => {
  const partOf = { id: 'f2', type: 'leaked_client', place: undefined } as const;
  const { attributes } = findingRecord(someFinding({ state: 'resolved', partOf }), 'body', api);
  assert.equal(attributes?.['outlive.finding.part_of'], 'f2');
  const level = findingRecord(someFinding({ state: 'resolved', closedAs: 'level' }), 'body', api);
  assert.equal(level.attributes?.['outlive.finding.closed_as'], 'level');
});

test('what is not known is left out, and no number is sent that a backend cannot store', () => {
  const { attributes } = findingRecord(
    someFinding({
      place: undefined,
      stack: undefined,
      scopeName: undefined,
      rate: { value: Number.NaN, low: 0, high: Infinity },
      pattern: undefined,
      oldestAgeMs: -5,
    }),
    'body',
    api,
  );
  const names = Object.keys(attributes ?? {});
  for (const absent of ['code.file.path', 'code.stacktrace', 'outlive.scope.name', 'outlive.finding.rate.value']) {
    assert.ok(!names.includes(absent), absent);
  }
  assert.equal(attributes?.['outlive.finding.rate.low'], 0);
  assert.equal(attributes?.['outlive.finding.age'], 0);
});

test('severity: WARN is likely, ERROR is certain or critical', () => {
  const textOf = (change: Parameters<typeof someFinding>[0]) => {
    const { severityText, severityNumber } = findingRecord(someFinding(change), '', api);
    return `${severityText} ${severityNumber}`;
  };
  assert.equal(textOf({ certainty: 'likely' }), `WARN ${api.SeverityNumber.WARN}`);
  assert.equal(textOf({ certainty: 'certain' }), `ERROR ${api.SeverityNumber.ERROR}`);
  assert.equal(textOf({ certainty: 'likely', severity: 'critical' }), `ERROR ${api.SeverityNumber.ERROR}`);
});

test('it stands in the trace of the example, and in none where there is no example', () => {
  const { context } = findingRecord(someFinding({ trace: { traceId, spanId, traceFlags: 1 } }), '', api);
  assert.deepEqual(api.trace.getSpanContext(context ?? api.ROOT_CONTEXT), { traceId, spanId, traceFlags: 1 });
  assert.equal(findingRecord(someFinding(), '', api).context, api.ROOT_CONTEXT);
  assert.equal('context' in findingRecord(someFinding(), '', undefined), false);
});

test('texts are bounded', () => {
  const long = 'x'.repeat(100_000);
  const { body, attributes } = findingRecord(someFinding({ advice: long, stack: long, resourceType: long }), long, api);
  assert.ok(JSON.stringify([body, attributes]).length < 10_000);
});
