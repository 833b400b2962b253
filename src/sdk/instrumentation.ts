import type { Options } from './config-table.ts';
import { runningEngine } from './running.ts';
import { shutdown, start } from './start.ts';
import { ownVersion } from './version.ts';

/**
 * outlive as an OpenTelemetry instrumentation, for `registerInstrumentations` and `new NodeSDK({ instrumentations })`.
 * Structurally what `@opentelemetry/instrumentation` calls an `Instrumentation`, without depending on it. The providers
 * it is given are the global ones, which outlive uses anyway.
 *
 * @example
 * ```ts
 * import { Outlive } from 'outlive';
 * import { NodeSDK } from '@opentelemetry/sdk-node';
 *
 * new NodeSDK({ instrumentations: [new Outlive({ tier: 'production' })] }).start();
 * ```
 */
export class Outlive {
  readonly instrumentationName = 'outlive';
  readonly instrumentationVersion = ownVersion();
  #config: Options & { readonly enabled?: boolean };

  /** @param config the options of `start()`; with `enabled: false` it waits for `enable()` */
  constructor(config: Options & { readonly enabled?: boolean } = {}) {
    this.#config = config;
    if (config.enabled !== false) this.enable();
  }

  /** Starts outlive unless it runs already (by `--import outlive/register`, say). */
  enable(): void {
    if (runningEngine() !== undefined) return;
    const { enabled: _enabled, ...options } = this.#config;
    start(options);
  }

  /** Detaches everything and gives Node back as it was. */
  disable(): void {
    void shutdown();
  }

  getConfig(): Options & { readonly enabled?: boolean } {
    return this.#config;
  }

  /** Takes effect at the next `enable()`. */
  setConfig(config: Options & { readonly enabled?: boolean }): void {
    this.#config = config;
  }

  /** Traces are only read, through the global API. */
  setTracerProvider(): void {}

  /** The global MeterProvider is used as soon as there is one. */
  setMeterProvider(): void {}

  /** The global LoggerProvider is used as soon as there is one. */
  setLoggerProvider(): void {}
}
