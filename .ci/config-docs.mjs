// Writes docs/configuration.md from the table of options; with --check only says whether it is up to date.
// The texts are the comments in the table, which users also read in their editor.
import { readFileSync, writeFileSync } from 'node:fs';
import { hookGroups } from '../src/observe/hook.ts';
import { ruleOf } from '../src/sdk/config-shape.ts';
import { defaultOf, ignoreRule, optionNames, optionTable } from '../src/sdk/config-table.ts';

const page = new URL('../docs/configuration.md', import.meta.url);
const source = ['config-table.ts', 'config-cost.ts', 'config-memory.ts', 'config-alerts.ts']
  .map((file) => readFileSync(new URL(`../src/sdk/${file}`, import.meta.url), 'utf8'))
  .join('\n');

/** The comment above `name: {` at this depth of the source. */
function textOf(name, indent) {
  const comment = new RegExp(`^ {${indent}}/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*${name}: \\{`, 'm').exec(source)?.[1];
  if (comment === undefined) throw new Error(`config-docs: \`${name}\` has no comment in the table`);
  return comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim();
}

const absent = { appRoot: 'found' };

function shown(name, value) {
  if (value === undefined) return absent[name] ?? 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`${value.join(',')}\``;
  return `\`${value}\``;
}

function defaultText(name) {
  const [production, development] = [defaultOf(name, 'production'), defaultOf(name, 'development')];
  if (production === development) return shown(name, production);
  return `${shown(name, production)}, in development ${shown(name, development)}`;
}

const examples = {
  tier: ['development', "'development'"],
  context: ['cls-hooked', "'cls-hooked'"],
  hooks: ['-timers,-listeners', "['-timers', '-listeners']"],
  runtimeMetrics: ['off', "'off'"],
  stderr: ['off', "'off'"],
  appRoot: ['server', "'server'"],
  memoryStateFile: ['/var/lib/shop/memory.json', "'/var/lib/shop/memory.json'"],
  memoryThresholds: ['learned', "'learned'"],
  alertSlackUrl: ['https://hooks.slack.com/services/…', 'process.env.SLACK_URL'],
  alertWebhookUrl: ['https://alerts.example/outlive', 'process.env.WEBHOOK_URL'],
  alertWebhookSecret: ['whsec_…', 'process.env.WEBHOOK_SECRET'],
  alertPagerdutyKey: ['…', 'process.env.PAGERDUTY_KEY'],
  alertPagerdutyUrl: ['https://events.eu.pagerduty.com/v2/enqueue', "'https://events.eu.pagerduty.com/v2/enqueue'"],
  alertMinSeverity: ['critical', "'critical'"],
  alertClaimFolder: ['/run/shop', "'/run/shop'"],
  ignore: [
    `'[{"site":"src/cache.js","reason":"by design","until":"2030-01-31"}]'`,
    "[{ site: 'src/cache.js', reason: 'by design', until: '2030-01-31' }]",
  ],
};

function section(name) {
  const option = optionTable[name];
  const held = defaultOf(name, 'development');
  const [env, code] = examples[name] ?? [held, held];
  return `### \`${name}\`

${textOf(name, 2)}

- must be ${ruleOf(option)}${option.unit ? ` (${option.unit})` : ''}
- default: ${defaultText(name)}
- \`${option.env}=${env}\` or \`start({ ${name}: ${code} })\`
`;
}

const summary = optionNames.map(
  (name) => `| [\`${name}\`](#${name.toLowerCase()}) | \`${optionTable[name].env}\` | ${defaultText(name)} |`,
);
const fields = Object.entries(ignoreRule.fields).map(
  ([field, shape]) => `| \`${field}\` | ${textOf(field, 4)} | ${ruleOf(shape)} |`,
);

const text = `<!-- Written by .ci/config-docs.mjs from src/sdk/config-{table,cost,memory,alerts}.ts: edit those, then \`node .ci/config-docs.mjs\`. -->

# Configuration

Nothing needs to be set. What can be set comes from four places; for each option the first that names it wins:

1. the environment: \`OUTLIVE_*\`
2. code: \`start({ … })\`
3. a file in the folder the app is started in: \`outlive.config.json\`, or the default export of \`outlive.config.mjs\` or \`outlive.config.ts\` (TypeScript needs Node.js 22.18)
4. the defaults of the tier

So an operator can change what a build has fixed ([why](decisions/0002-precedence.md)). Where the telemetry goes is not outlive's to say: the standard \`OTEL_*\` variables do (\`OTEL_SERVICE_NAME\`, \`OTEL_EXPORTER_OTLP_ENDPOINT\`, \`OTEL_EXPORTER_OTLP_HEADERS\`, \`OTEL_METRICS_EXPORTER\`, \`OTEL_LOGS_EXPORTER\`, …).

A bad option in \`start()\` throws an \`OutliveError\` that names the option, the rule, the value and where to set it. A bad variable or a bad option in the file is warned of once on stderr and left out: the app boots.

\`npx outlive doctor\` shows what holds, and who said so.

## All options

| option | variable | default |
|---|---|---|
${summary.join('\n')}

The tier \`disabled\` has the defaults of \`production\` and attaches no hook.

${optionNames.map(section).join('\n')}
## Hook groups

${hookGroups.map((group) => `\`${group}\``).join(', ')}.

## Ignore rules

| field | | must be |
|---|---|---|
${fields.join('\n')}

## A file

\`\`\`ts
// outlive.config.ts
import type { Options } from 'outlive';

export default {
  tier: process.env.NODE_ENV === 'development' ? 'development' : 'production',
  hooks: ['-listeners'],
} satisfies Options;
\`\`\`
`;

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/configuration.md is out of date: run `node .ci/config-docs.mjs`');
    process.exitCode = 1;
  }
} else writeFileSync(page, text);
