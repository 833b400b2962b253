import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { optionsFromEnv } from '../../../src/sdk/config-env.ts';

const read = (env: Record<string, string>) => {
  const warnings: string[] = [];
  return { options: optionsFromEnv(env, (line) => warnings.push(line)), warnings };
};

describe('config from the environment', () => {
  it('reads each sort of option', () => {
    const { options, warnings } = read({
      OUTLIVE_SWEEP_INTERVAL_MS: ' 200 ',
      OUTLIVE_CONTEXT: 'CLS-hooked',
      OUTLIVE_HOOKS: '-timers, -listeners',
      OUTLIVE_APP_ROOT: 'server',
      OUTLIVE_IGNORE: '[{ "scope": "GET /health", "reason": "known" }]',
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(options, {
      sweepIntervalMs: 200,
      context: 'cls-hooked',
      hooks: ['-timers', '-listeners'],
      appRoot: 'server',
      ignore: [{ scope: 'GET /health', reason: 'known' }],
    });
  });

  it('takes an empty variable as one that is not there', () => {
    assert.deepEqual(read({ OUTLIVE_TIER: '', OUTLIVE_HOOKS: '  ' }), { options: {}, warnings: [] });
  });

  for (const [name, value, line] of [
    ['OUTLIVE_SWEEP_INTERVAL_MS', '10s', 'expected an integer from 50 to 3600000, got `10s` (string)'],
    ['OUTLIVE_SWEEP_INTERVAL_MS', '49', 'expected an integer from 50 to 3600000, got `49` (number)'],
    ['OUTLIVE_TIER', 'prod', 'expected one of `production`, `development`, `disabled`, got `prod` (string)'],
    ['OUTLIVE_IGNORE', 'x', 'expected a list of at most 1000'],
    ['OUTLIVE_IGNORE', '[{"id":"x"}]', '[0].reason: expected a text of 1 to 1024 characters, got `undefined`'],
    ['OUTLIVE_HOOKS', 'http,htp', '[1]: expected `all`, `none` or a hook group'],
  ] as const) {
    it(`warns of ${name}=${value} and goes on without it`, () => {
      const { options, warnings } = read({ [name]: value });
      assert.deepEqual(options, {});
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.startsWith(name) && warnings[0].includes(line), warnings[0]);
    });
  }

  it('warns of a misspelled variable, not of one that belongs to somebody else', () => {
    const { warnings } = read({ OUTLIVE_STDER: 'off', OUTLIVE_BENCH_ROUNDS: '3' });
    assert.deepEqual(warnings, ['`OUTLIVE_STDER` is not a variable of outlive. Did you mean `OUTLIVE_STDERR`?']);
  });

  it('shows no secret that landed in the wrong variable', () => {
    const { warnings } = read({ OUTLIVE_TIER: 'sk-live-4f9a8b7c6d5e', OUTLIVE_STDERR: 'https://me:pw@host/' });
    assert.match(String(warnings), /a text of 20 characters/);
    assert.doesNotMatch(String(warnings), /4f9a|pw@/);
  });
});
