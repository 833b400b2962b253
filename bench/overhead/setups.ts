import { hookGroups } from '../../src/observe/hook.ts';

const fileOf = (url: URL): string => url.href;

interface Setup {
  /** Modules that Node loads before the app. */
  readonly imports: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const register = fileOf(new URL('../../dist/src/register.js', import.meta.url));

const outlive = (env: Readonly<Record<string, string>> = {}): Setup => ({ imports: [register], env });

const setups: ReadonlyMap<string, Setup> = new Map<string, Setup>([
  ['bare', { imports: [] }],
  /** Bare once more: what the bench itself gets wrong. */
  ['control', { imports: [] }],
  ['outlive', outlive()],
  /** What the OTel SDK adds is told apart by it. */
  ['outlive-without-export', outlive({ OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' })],
  ['outlive-on-cls-hooked', outlive({ OUTLIVE_CONTEXT: 'cls-hooked' })],
  ['outlive-disabled', outlive({ OUTLIVE_TIER: 'disabled' })],
  ['otel-http', { imports: [fileOf(new URL('setups/otel-http.mjs', import.meta.url))] }],
  ['cls-hooked', { imports: [fileOf(new URL('setups/cls-hooked.mjs', import.meta.url))] }],
  /** Where the cost comes from: one group of hooks alone, or all but one. */
  ...hookGroups.map((group): [string, Setup] => [`only-${group}`, outlive({ OUTLIVE_HOOKS: group })]),
  ...hookGroups.map((group): [string, Setup] => [`without-${group}`, outlive({ OUTLIVE_HOOKS: `-${group}` })]),
]);

export type SetupName = string;
export const setupNames: readonly SetupName[] = [...setups.keys()];

const setupOf = (name: SetupName): Setup => {
  const setup = setups.get(name);
  if (setup === undefined) throw new RangeError(`No set-up is named '${name}'`);
  return setup;
};

export const nodeArgumentsOf = (name: SetupName): string[] =>
  setupOf(name).imports.flatMap((module) => ['--import', module]);

export const environmentOf = (name: SetupName): Readonly<Record<string, string>> => setupOf(name).env ?? {};
