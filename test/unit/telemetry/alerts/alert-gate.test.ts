import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertGate } from '../../../../src/telemetry/alerts/alert-gate.ts';
import { someFinding } from '../fake-readings.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function gate(maxPerHour = 30) {
  const at = { nowMs: 0 };
  const made = new AlertGate({ minSeverity: 'warning', intervalMs: hourMs, maxPerHour, nowMs: () => at.nowMs });
  return { at, on: (change: Parameters<typeof someFinding>[0] = {}) => made.actionOn(someFinding(change)), made };
}

test('alert gate: a finding opens once, is told again after the interval, and closes', () => {
  const { at, on } = gate();
  assert.equal(on(), 'open');
  at.nowMs = hourMs - 1;
  assert.equal(on({ state: 'updated' }), undefined);
  at.nowMs = hourMs;
  assert.equal(on({ state: 'updated' }), 'update');
  assert.equal(on({ state: 'updated' }), undefined);
  assert.equal(on({ state: 'resolved' }), 'close');
  assert.equal(on({ state: 'resolved' }), undefined, 'once');
});

test('alert gate: what was said in error closes as well', () => {
  const { on } = gate();
  on();
  assert.equal(on({ state: 'retracted' }), 'close');
});

test('alert gate: what got worse is told at once', () => {
  const { on } = gate();
  on();
  assert.equal(on({ state: 'updated', severity: 'critical' }), 'update');
  assert.equal(on({ state: 'updated', severity: 'critical' }), undefined);
});

test('alert gate: what is below the least severity opens when it gets worse, and closes nothing before', () => {
  const { on } = gate();
  assert.equal(on({ severity: 'info' }), undefined);
  assert.equal(on({ severity: 'info', state: 'resolved' }), undefined);
  assert.equal(on({ state: 'updated' }), 'open');
  assert.equal(on({ state: 'resolved', severity: 'info' }), 'close');
});

test('alert gate: beyond the hour’s messages findings wait for their next heartbeat, closings do not', () => {
  const { at, on } = gate(2);
  assert.equal(on({ id: 'a' }), 'open');
  at.nowMs = minuteMs;
  assert.equal(on({ id: 'b' }), 'open');
  assert.equal(on({ id: 'c' }), undefined);
  assert.equal(on({ id: 'c', state: 'resolved' }), undefined, 'was never opened');
  assert.equal(on({ id: 'b', state: 'resolved' }), 'close');
  at.nowMs = hourMs;
  assert.equal(on({ id: 'd', state: 'updated' }), 'open');
  assert.equal(on({ id: 'e' }), undefined);
});

test('alert gate: what was lost is opened again at its next heartbeat', () => {
  const { on, made } = gate();
  on();
  made.forget(someFinding());
  assert.equal(on({ state: 'updated' }), 'open');
});

test('alert gate: two types of finding at one line are two incidents', () => {
  const { on } = gate();
  assert.equal(on(), 'open');
  assert.equal(on({ type: 'leaked_client' }), 'open');
});

test('alert gate: ten thousand findings leave it at a thousand', () => {
  const { at, on, made } = gate(1000);
  for (let i = 0; i < 10_000; i++) {
    at.nowMs += minuteMs;
    on({ id: `f${i}` });
  }
  assert.equal(made.open, 1000);
});
