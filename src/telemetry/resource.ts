import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

let ownInstanceId: string | undefined;

/** One for each process and thread, so that no two of them write the same series. */
export const instanceId = (): string => (ownInstanceId ??= process.getBuiltinModule('node:crypto').randomUUID());

/**
 * Who speaks: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` first, then what the app's own providers say of
 * themselves. No command line and no host name: the first may hold secrets, the second is the collector's to add.
 */
export async function resourceOf(ofApp: Attributes): Promise<Resource> {
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.instance.id': instanceId(),
        'process.pid': process.pid,
        'process.runtime.name': 'nodejs',
        'process.runtime.version': process.versions.node,
      }),
    )
    .merge(resourceFromAttributes(ofApp))
    .merge(detectResources({ detectors: [envDetector] }));
}

const borrowed = new Set(['service.name', 'service.namespace', 'service.version', 'service.instance.id']);

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
