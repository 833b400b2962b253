import type { Providers } from '../telemetry/telemetry.ts';
import { runningEngine } from './running.ts';
import { shutdown, start, type StartOptions } from './start.ts';
import { ownVersion } from './version.ts';

/**
 * outlive as an OpenTelemetry instrumentation, for `registerInstrumentations` and `new NodeSDK({ instrumentations })`.
 * Structurally what `@opentelemetry/instrumentation` calls an `Instrumentation`, without depending on it. The providers
 * it is given are used before the global ones.
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
  #providers: Providers = {};
  #config: StartOptions & { readonly enabled?: boolean };

  /** @param config the options of `start()`; with `enabled: false` it waits for `enable()` */
  constructor(config: StartOptions & { readonly enabled?: boolean } = {}) {
    this.#config = config;
    if (config.enabled !== false) this.enable();
  }

  /** Starts outlive unless it runs already (by `--import outlive/register`, say). */
  enable(): void {
    if (runningEngine() !== undefined) return;
    const { enabled: _enabled, ...options } = this.#config;
    start(options);
    runningEngine()?.use(this.#providers);
  }

  /** Detaches everything and gives Node back as it was. */
  disable(): void {
    void shutdown();
  }

  getConfig(): StartOptions & { readonly enabled?: boolean } {
    return this.#config;
  }

  /** Takes effect at the next `enable()`. */
  setConfig(config: StartOptions & { readonly enabled?: boolean }): void {
    this.#config = config;
  }

  /** Traces are only read, through the global API. */
  setTracerProvider(): void {}

  /** Used for metrics from now on. A no-op is passed over: then the global one is used as soon as there is one. */
  setMeterProvider(meterProvider: NonNullable<Providers['meterProvider']>): void {
    this.#give({ meterProvider });
  }

  /** Used for findings from now on. A no-op is passed over: then the global one is used as soon as there is one. */
  setLoggerProvider(loggerProvider: NonNullable<Providers['loggerProvider']>): void {
    this.#give({ loggerProvider });
  }

  #give(providers: Providers): void {
    this.#providers = { ...this.#providers, ...providers };
    runningEngine()?.use(providers);
  }
}
