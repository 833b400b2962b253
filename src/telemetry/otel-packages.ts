import { setTimeout as delay } from 'node:timers/promises';
import type * as api from '@opentelemetry/api';
import type * as core from '@opentelemetry/core';
import type * as logsExporter from '@opentelemetry/exporter-logs-otlp-http';
import type * as metricsExporter from '@opentelemetry/exporter-metrics-otlp-http';
import type * as resources from '@opentelemetry/resources';
import type * as sdkLogs from '@opentelemetry/sdk-logs';
import type * as sdkMetrics from '@opentelemetry/sdk-metrics';
import type * as conventions from '@opentelemetry/semantic-conventions';

interface OtelPackages {
  readonly '@opentelemetry/api': typeof api;
  readonly '@opentelemetry/core': typeof core;
  readonly '@opentelemetry/exporter-logs-otlp-http': typeof logsExporter;
  readonly '@opentelemetry/exporter-metrics-otlp-http': typeof metricsExporter;
  readonly '@opentelemetry/resources': typeof resources;
  readonly '@opentelemetry/sdk-logs': typeof sdkLogs;
  readonly '@opentelemetry/sdk-metrics': typeof sdkMetrics;
  readonly '@opentelemetry/semantic-conventions': typeof conventions;
}

const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);

/**
 * A package of OpenTelemetry, after a turn of the app, in its form for `require`. The one for `import` imports `process`, and
 * for its named bindings Node reads every export of a module of its own: `process.stdin` is opened, and a pipe there becomes
 * non-blocking for every process that shares it. It also takes more CPU and holds the event loop for longer
 * (docs/decisions/0011-start-up.md).
 */
export async function otelPackage<Name extends keyof OtelPackages>(name: Name): Promise<OtelPackages[Name]> {
  // a timer: an immediate may come before those that the app waits for
  await delay(1);
  return require(name) as OtelPackages[Name];
}
