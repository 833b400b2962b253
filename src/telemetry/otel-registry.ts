import type { ContextManager, LoggerProvider, MeterProvider } from '@opentelemetry/api';

/**
 * What the app has registered with OpenTelemetry, read from the two places where every copy of the API keeps it. Asking
 * a copy of the API instead would not do: 1.10 answers no-ops where 1.9 has registered, and its metrics have no proxy, so
 * an instrument made too early is dead for good. See docs/decisions/0008-the-apps-own-providers.md.
 */
interface Registry {
  readonly version?: string;
  readonly metrics?: MeterProvider;
  /** Since API 1.10; before that in `@opentelemetry/api-logs`. */
  readonly logs?: LoggerProvider;
  readonly context?: ContextManager;
}

const registryKey = Symbol.for('opentelemetry.js.api.1');
const logsKey = Symbol.for('io.opentelemetry.js.api.logs');
/** The version of the contract of `api-logs` that its every release so far has. */
const logsContract = 1;
const suppressTracingKey = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const globals = globalThis as { [registryKey]?: Registry; [logsKey]?: (contract: number) => unknown };

/** `undefined` as long as the app has registered none. Cheap enough to ask at every sweep. */
export function appMeterProvider(): MeterProvider | undefined {
  const provider: unknown = globals[registryKey]?.metrics;
  return can(provider, 'getMeter') ? (provider as MeterProvider) : undefined;
}

/** By the API itself (1.10 and later) or by `@opentelemetry/api-logs`, the way before. */
export function appLoggerProvider(): LoggerProvider | undefined {
  const provider: unknown = globals[registryKey]?.logs ?? globals[logsKey]?.(logsContract);
  return can(provider, 'getLogger') ? (provider as LoggerProvider) : undefined;
}

/** The version of the copy of `@opentelemetry/api` that the app has registered with. */
export const appApiVersion = (): string | undefined => globals[registryKey]?.version;

/** The app's context manager, if it has one. */
export function registeredContext(): ContextManager | undefined {
  const manager = globals[registryKey]?.context;
  return can(manager, 'active') ? manager : undefined;
}

/** Runs `fn` so that the app's instrumentations make no spans of what it does, whatever version of the API they use. */
export function withoutTracing<T>(fn: () => T): T {
  const manager = globals[registryKey]?.context;
  if (manager === undefined || !can(manager, 'with') || !can(manager, 'active')) return fn();
  return manager.with(manager.active().setValue(suppressTracingKey, true), fn);
}

/**
 * Whether a provider that was handed over does anything: `registerInstrumentations` hands over no-ops and proxies while
 * the app has registered none. What makes use of metrics or logs can be flushed.
 */
export const isReal = (provider: object): boolean => can(provider, 'forceFlush');

const can = (thing: unknown, method: string): boolean =>
  typeof thing === 'object' && thing !== null && typeof Reflect.get(thing, method) === 'function';
