import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOptions } from '../../../src/sdk/config-options.ts';
import { resolvedConfig } from '../../../src/sdk/config.ts';
import type { Options } from '../../../src/sdk/config-table.ts';
import { OutliveError } from '../../../src/sdk/outlive-error.ts';

const failOnWarning = (line: string) => assert.fail(line);

const resolved = (options: Options = {}, env: Record<string, string> = {}) => {
  checkOptions(options);
  return resolvedConfig({ options, env, folder: undefined, warn: failOnWarning });
};

const thrownBy = (options: unknown): OutliveError => {
  try {
    resolved(options as Options);
  } catch (error) {
    assert.ok(error instanceof OutliveError);
    return error;
  }
  return assert.fail('it did not throw');
};

describe('config', () => {
  it('is complete without a word from anybody', () => {
    const { config, sources } = resolved();
    assert.equal(config.tier, 'production');
    assert.equal(config.sweepIntervalMs, 10_000);
    assert.equal(config.hooks.size, 12);
    assert.deepEqual(new Set(Object.values(sources)), new Set(['default']));
  });

  it('takes its defaults from the tier, whoever set it', () => {
    assert.equal(resolved({ tier: 'development' }).config.sweepIntervalMs, 1_000);
    assert.equal(resolved({}, { OUTLIVE_TIER: 'development' }).config.memoryIntervalMs, 10_000);
  });

  it('lets the environment have the last word over the code, option by option', () => {
    const { config, sources } = resolved({ stderr: 'on', maxFindings: 5 }, { OUTLIVE_STDERR: 'off' });
    assert.equal(config.stderr, 'off');
    assert.equal(config.maxFindings, 5);
    assert.equal(sources.stderr, 'environment');
    assert.equal(sources.maxFindings, 'code');
  });

  it('adds up the ignore rules of the environment and the code', () => {
    const { config } = resolved(
      { ignore: [{ site: 'src/cache.js', reason: 'by design' }] },
      { OUTLIVE_IGNORE: '[{ "id": "a1", "reason": "known", "until": "2030-01-31" }]' },
    );
    assert.deepEqual(
      config.ignore.map(({ reason }) => reason),
      ['known', 'by design'],
    );
  });

  it('attaches nothing in the tier disabled, whatever hooks says', () => {
    assert.equal(resolved({ hooks: ['http'] }, { OUTLIVE_TIER: 'disabled' }).config.hooks.size, 0);
  });

  it('takes an option that is undefined as one that is not there', () => {
    assert.equal(resolved({ stderr: undefined }).config.stderr, 'on');
  });

  it('tells of a bad option its name, its rule, its value and where to set it', () => {
    const error = thrownBy({ sweepIntervalMs: -1 });
    assert.equal(
      error.message,
      'Expected `sweepIntervalMs` to be an integer from 50 to 3600000, got `-1` (number). ' +
        'Set it in start({ sweepIntervalMs }), in outlive.config or by OUTLIVE_SWEEP_INTERVAL_MS.',
    );
    assert.deepEqual(
      { code: error.code, option: error.option, rule: error.rule, value: error.value },
      {
        code: 'OUTLIVE_BAD_OPTION',
        option: 'sweepIntervalMs',
        rule: 'an integer from 50 to 3600000',
        value: '`-1` (number)',
      },
    );
  });

  it('throws for a bad option that the environment overrules: a mistake in code shows wherever the code runs', () => {
    assert.throws(() => resolved({ tier: 'prod' as 'production' }, { OUTLIVE_TIER: 'production' }), OutliveError);
  });

  it('says which option was probably meant', () => {
    const error = thrownBy({ sweepInterval: 50 });
    assert.equal(error.code, 'OUTLIVE_UNKNOWN_OPTION');
    assert.equal(error.message, 'Unknown option `sweepInterval`. Did you mean `sweepIntervalMs`?');
  });

  it('names the place inside a list', () => {
    assert.equal(thrownBy({ ignore: [{ id: 'a', reason: 'b', until: 'soon' }] }).option, 'ignore[0].until');
    assert.equal(thrownBy({ hooks: ['http', 'htp'] }).option, 'hooks[1]');
    assert.match(thrownBy({ ignore: [{ id: 'a', reason: 'b', sites: 'c' }] }).message, /without `sites`/);
  });

  for (const options of [42, null, 'production', []]) {
    it(`refuses ${JSON.stringify(options)} for the options as a whole`, () => {
      assert.equal(thrownBy(options).code, 'OUTLIVE_BAD_OPTION');
    });
  }
});
