import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOptions } from '../../../src/sdk/config-options.ts';
import { resolvedConfig } from '../../../src/sdk/config.ts';
import { OutliveError } from '../../../src/sdk/outlive-error.ts';

const secrets = ['alertSlackUrl', 'alertWebhookUrl', 'alertPagerdutyUrl'] as const;

describe('the options of alerts', () => {
  it('are off by default', () => {
    const { config } = resolvedConfig({ env: {}, folder: undefined, warn: assert.fail });
    assert.deepEqual(
      [config.alertSlackUrl, config.alertWebhookUrl, config.alertWebhookSecret, config.alertPagerdutyKey],
      [undefined, undefined, undefined, undefined],
    );
  });

  it('are taken from the environment', () => {
    const env = {
      OUTLIVE_ALERT_SLACK_URL: 'https://hooks.slack.com/services/T0/B0/x',
      OUTLIVE_ALERT_PAGERDUTY_KEY: 'k',
    };
    const { config } = resolvedConfig({ env, folder: undefined, warn: assert.fail });
    assert.deepEqual([config.alertSlackUrl, config.alertPagerdutyKey], Object.values(env));
  });

  it('are not shown where a variable is wrong', () => {
    const said: string[] = [];
    const env = { OUTLIVE_ALERT_SLACK_URL: 'hunter2', OUTLIVE_ALERT_WEBHOOK_SECRET: 'hunter2'.repeat(1_000) };
    const { config } = resolvedConfig({ env, folder: undefined, warn: (line) => void said.push(line) });
    assert.equal(config.alertSlackUrl, undefined);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? '', /^OUTLIVE_ALERT_SLACK_URL: expected an http or https URL .*got `\[hidden\]`/);
    assert.doesNotMatch(said.join(), /hunter2/);
  });

  for (const name of secrets) {
    it(`are not shown where start() is given a wrong ${name}`, () => {
      const check = () => checkOptions({ [name]: 'ftp://hunter2' });
      assert.throws(check, (error) => {
        assert.ok(error instanceof OutliveError);
        assert.doesNotMatch([error.message, error.value, error.remedy].join(), /hunter2/);
        return error.option === name;
      });
    });
  }
});
