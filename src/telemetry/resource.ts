import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { otelPackage } from './otel-packages.ts';

const instanceIdName = 'service.instance.id';

let ownInstanceId: string | undefined;

/**
 * One for each process and thread, so that no two of them write the same series.
 * @param given by the environment, which threads and child processes inherit: what they are is added to it
 */
export function instanceId(given?: string): string {
  if (given !== undefined && given !== '') return [given, ...placeInProgram()].join('/');
  return (ownInstanceId ??= process.getBuiltinModule('node:crypto').randomUUID());
}

/** Empty in the main thread of a process that no other Node.js process has forked. */
function placeInProgram(): string[] {
  const { isMainThread, threadId } = process.getBuiltinModule('node:worker_threads');
  const isForked = process.connected !== undefined;
  return [...(isForked ? [`${process.pid}`] : []), ...(isMainThread ? [] : [`thread-${threadId}`])];
}

/**
 * Who speaks: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` first, then what the app's own providers say of
 * themselves. No command line and no host name: the first may hold secrets, the second is the collector's to add.
 */
export async function resourceOf(ofApp: Attributes): Promise<Resource> {
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    await otelPackage('@opentelemetry/resources');
  const ofEnvironment = detectResources({ detectors: [envDetector] });
  const given = ofEnvironment.attributes[instanceIdName];
  const isGiven = typeof given === 'string' && ofApp[instanceIdName] === undefined;
  return defaultResource()
    .merge(
      resourceFromAttributes({
        [instanceIdName]: instanceId(),
        'process.pid': process.pid,
        'process.runtime.name': 'nodejs',
        'process.runtime.version': process.versions.node,
      }),
    )
    .merge(resourceFromAttributes(ofApp))
    .merge(ofEnvironment)
    .merge(resourceFromAttributes(isGiven ? { [instanceIdName]: instanceId(given) } : {}));
}

const borrowed = new Set(['service.name', 'service.namespace', 'service.version', instanceIdName]);

/**
 * The identity that the app has given to a provider of its own, so that findings and metrics that go two ways can be
 * joined. The SDKs (2.x, 3.x) keep it where only they are meant to look, so nothing rests on it.
 */
export function identityOf(provider: object | undefined): Attributes {
  const { _sharedState }: SdkProvider = provider ?? {};
  const attributes = _sharedState?.resource?.attributes;
  if (typeof attributes !== 'object' || attributes === null) return {};
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => borrowed.has(name) && typeof value === 'string'),
  );
}

interface SdkProvider {
  readonly _sharedState?: { readonly resource?: { readonly attributes?: unknown } };
}
