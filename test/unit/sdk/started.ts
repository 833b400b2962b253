import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { resolvedConfig } from '../../../src/sdk/config.ts';
import type { Options } from '../../../src/sdk/config-table.ts';
import { Engine } from '../../../src/sdk/engine.ts';
import { runningEngine, setRunning } from '../../../src/sdk/running.ts';
import { shutdown } from '../../../src/sdk/start.ts';

/** No telemetry, nothing on stderr, sweeps only where a test asks for them. */
export const quiet: Options = { stderr: 'off', sweepIntervalMs: 3_600_000, memoryIntervalMs: 3_600_000 };

let nowMs = 0;

/** Has outlive run in each test of this file, without hooks, on a clock that only sweeps advance. */
export function startedForEach(): void {
  process.env['OTEL_METRICS_EXPORTER'] = 'none';
  process.env['OTEL_LOGS_EXPORTER'] = 'none';
  const options: Options = { ...quiet, hooks: ['none'] };
  const { config } = resolvedConfig({ options, env: {}, folder: undefined, warn: assert.fail });
  beforeEach(() => {
    const made = new Engine(config, { nowMs: () => nowMs, wallMs: () => nowMs });
    // what is open counts as seen by many collections
    made.ledger.majors = () => Infinity;
    setRunning(made);
  });
  afterEach(() => shutdown());
}

export const engine = (): Engine => runningEngine() ?? assert.fail('outlive does not run');

/** Each 10 s later. */
export function sweep(sweeps = 1): void {
  for (let i = 0; i < sweeps; i++) {
    nowMs += 10_000;
    while (!engine().ledger.sweepSlice(Infinity));
  }
}

export const scopeName = (): string | undefined => runningEngine()?.observer.context.current()?.scope.name;
