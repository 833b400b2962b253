const fileOf = (url: URL): string => url.href;

interface Setup {
  /** Modules that Node loads before the app. */
  readonly imports: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const register = fileOf(new URL('../../dist/src/register.js', import.meta.url));

export const setups = {
  bare: { imports: [] },
  /** Bare once more: what the bench itself gets wrong. */
  control: { imports: [] },
  outlive: { imports: [register] },
  'outlive-on-cls-hooked': { imports: [register], env: { OUTLIVE_CONTEXT: 'cls-hooked' } },
  'outlive-disabled': { imports: [register], env: { OUTLIVE_TIER: 'disabled' } },
  'otel-http': { imports: [fileOf(new URL('setups/otel-http.mjs', import.meta.url))] },
  'cls-hooked': { imports: [fileOf(new URL('setups/cls-hooked.mjs', import.meta.url))] },
} as const satisfies Record<string, Setup>;

export type SetupName = keyof typeof setups;
export const setupNames = Object.keys(setups) as SetupName[];

export const nodeArgumentsOf = (name: SetupName): string[] =>
  setups[name].imports.flatMap((module) => ['--import', module]);

export const environmentOf = (name: SetupName): Readonly<Record<string, string>> => {
  const setup: Setup = setups[name];
  return setup.env ?? {};
};
