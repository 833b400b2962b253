import assert from 'node:assert/strict';
import { ask, eventually, type Sample } from './ask.ts';
import { dashboardQueries } from './queries.ts';
import { rulesOf, selectorsOf } from './rules.ts';

interface Expression {
  /** Where it stands. */
  readonly of: string;
  readonly expr: string;
}

/** What the kernel may not count for this machine or control group. */
const ofKernel = /outlive_memory_(pressure(_ratio)?|oom_kills_total)/;

/** What a dashboard's panel would show: whatever the query has answered since the run began. */
const everAnswered = (url: string, expr: string): Promise<Sample[]> => ask(url, `last_over_time((${expr})[10m:1s])`);

async function answersNothing(url: string, expr: string): Promise<boolean> {
  if ((await everAnswered(url, expr)).length > 0) return false;
  const metric = ofKernel.exec(expr)?.[0];
  return metric === undefined || (await everAnswered(url, metric)).length > 0;
}

/** Fails with the expressions to which Prometheus had nothing to say in the whole run. */
const eachAnswers = (url: string, list: readonly Expression[], withinMs: number) =>
  eventually(
    async () => {
      const answers = await Promise.all(
        list.map(async ({ of, expr }) => ((await answersNothing(url, expr)) ? `${of}: ${expr}` : '')),
      );
      return answers.filter(Boolean);
    },
    (empty) => empty.length === 0,
    { withinMs, what: 'queries that return nothing' },
  );

/** Every PromQL query of the dashboards in a folder finds something. */
export async function eachDashboardAnswers(url: string, folder: string, withinMs = 20_000): Promise<void> {
  const queries = dashboardQueries(folder).filter(({ language }) => language === 'PromQL');
  assert.ok(queries.length > 60, `${queries.length}`);
  await eachAnswers(url, queries, withinMs);
}

/** Every rule is sound; what it records is there, and so is what it reads: an alert that is silent reads something. */
export async function eachRuleReads(url: string, withinMs = 20_000): Promise<void> {
  const rules = await rulesOf(url);
  assert.deepEqual(
    rules.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`),
    [],
  );
  const recorded = rules.filter(({ type }) => type === 'recording').map(({ name }) => ({ of: name, expr: name }));
  const read = await Promise.all(
    rules.map(async ({ name, query }) => (await selectorsOf(url, query)).map((expr) => ({ of: name, expr }))),
  );
  assert.ok(recorded.length >= 10 && read.flat().length > 20, `${recorded.length}, ${read.flat().length}`);
  await eachAnswers(url, [...recorded, ...read.flat()], withinMs);
}

const ours = /^(outlive|process|v8js|nodejs|http_server|db_client)_/;

/** Every metric of outlive's in that Prometheus has a name that is known, by which the dashboards ask. */
export async function eachNameIsKnown(url: string, known: readonly string[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/label/__name__/values`);
  const { data } = (await response.json()) as { data: string[] };
  const names = data.filter((name) => ours.test(name));
  assert.ok(names.length > 50, `${names.length}`);
  assert.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
  );
}
