import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { configurationCheck } from '../../../../src/cli/doctor/configuration.ts';

const check = (env: Record<string, string>) => configurationCheck({ env, folder: tmpdir() });

describe('doctor: configuration', () => {
  it('is well without any', () => {
    const { status, seen } = check({});
    assert.equal(status, 'ok');
    assert.equal(seen, 'production, a sweep every 10000 ms, async-local-storage, 12 of 12 hook groups');
  });

  it('says what was set by whom', () => {
    const { status, more } = check({ OUTLIVE_HOOKS: '-timers' });
    assert.equal(status, 'ok');
    assert.deepEqual(more, ['hooks is set by OUTLIVE_HOOKS']);
  });

  for (const [name, value, line] of [
    ['OUTLIVE_TIER', 'disabled', /attaches nothing/],
    ['OUTLIVE_SWEEP_INTERVAL_MS', '10s', /expected an integer/],
    ['OUTLIVE_IGNORE', '[{"id":"a","reason":"old pool","until":"2020-01-01"}]', /expired on 2020-01-01: "old pool"/],
  ] as const) {
    it(`warns of ${name}=${value}`, () => {
      const { status, more } = check({ [name]: value });
      assert.equal(status, 'warning');
      assert.match(String(more), line);
    });
  }
});
