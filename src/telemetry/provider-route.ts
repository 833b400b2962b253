import { printableUrl, type Sink } from './export-plan.ts';
import { isReal } from './otel-registry.ts';
import type { OwnProvider } from './own-providers.ts';

/** Where a signal goes now. */
export type Destination =
  | { readonly to: 'app' }
  | { readonly to: 'otlp'; readonly url: string }
  | { readonly to: 'console' }
  | { readonly to: 'nowhere'; readonly why: string };

export interface ProviderRouteOptions<Provider> {
  readonly sink: Sink;
  /** The provider that the app has registered by now. */
  readonly ofApp: () => Provider | undefined;
  readonly make: (sink: Exclude<Sink, { to: 'nowhere' }>) => Promise<OwnProvider<Provider>>;
  /** Makes use of a provider; undone by what it returns. */
  readonly attach: (provider: Provider, own: boolean) => () => void;
  readonly failed: (what: string, error: unknown) => void;
  readonly changed: () => void;
}

/**
 * One signal's way out: the app's provider as soon as there is one, else one of our own where the environment asks for
 * it, else none. Never two, and never back from the app's to ours: an app that takes its provider away is ending.
 */
export class ProviderRoute<Provider extends object> {
  readonly #o: ProviderRouteOptions<Provider>;
  destination: Destination;
  #given: Provider | undefined;
  #used: Provider | undefined;
  #own: OwnProvider<Provider> | undefined;
  #detach: (() => void) | undefined;
  #handingOver: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ProviderRouteOptions<Provider>) {
    this.#o = options;
    const { sink } = options;
    this.destination = sink.to === 'nowhere' ? sink : { to: 'nowhere', why: 'not started yet' };
  }

  /** Takes the app's provider if it has one by now, else makes one. */
  async open(): Promise<void> {
    if (this.takeAppProvider()) return;
    const { sink, make, failed } = this.#o;
    if (sink.to === 'nowhere') return;
    try {
      const own = await make(sink);
      // the app may have been quicker, or all may be over
      if (this.#closed || this.takeAppProvider()) {
        await own.handOver();
        return;
      }
      this.#own = own;
      this.#use(own.provider, true, sink.to === 'otlp' ? { to: 'otlp', url: printableUrl(sink.url) } : sink);
    } catch (error) {
      failed('OpenTelemetry SDK', error);
      this.destination = { to: 'nowhere', why: 'the OpenTelemetry SDK could not be loaded' };
    }
  }

  /** The provider that the app hands over by itself, as `NodeSDK` and `registerInstrumentations` do. */
  give(provider: Provider): void {
    if (!isReal(provider)) return;
    this.#given = provider;
    this.takeAppProvider();
  }

  /**
   * Moves to the app's provider if it has a new one. Costs a look at a global, so it may be asked at every sweep.
   * @returns whether the app's provider is in use
   */
  takeAppProvider(): boolean {
    const provider = this.#given ?? this.#o.ofApp();
    if (provider === undefined || this.#closed) return this.destination.to === 'app';
    if (provider === this.#used) return true;
    const own = this.#own;
    this.#own = undefined;
    this.#use(provider, false, { to: 'app' });
    if (own !== undefined) this.#handingOver = this.#settled('hand-over', own.handOver());
    return true;
  }

  async flush(): Promise<void> {
    if (this.#own !== undefined) return this.#settled('flush', this.#own.flush());
    const flush: unknown = this.#used === undefined ? undefined : Reflect.get(this.#used, 'forceFlush');
    if (typeof flush === 'function') {
      await this.#settled('flush', (async () => void (await Reflect.apply(flush, this.#used, [])))());
    }
    await this.#handingOver;
  }

  /** What is made by outlive ends; what is the app's is flushed and let alone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const own = this.#own;
    await (own === undefined ? this.flush() : this.#settled('shutdown', own.shutdown()));
    this.#own = undefined;
    this.#leave();
    this.destination = { to: 'nowhere', why: 'shut down' };
  }

  #use(provider: Provider, own: boolean, destination: Destination): void {
    this.#leave();
    this.#used = provider;
    try {
      this.#detach = this.#o.attach(provider, own);
      this.destination = destination;
    } catch (error) {
      this.#o.failed('provider', error);
      this.destination = { to: 'nowhere', why: 'the provider refused' };
    }
    this.#o.changed();
  }

  #leave(): void {
    const detach = this.#detach;
    this.#detach = undefined;
    try {
      detach?.();
    } catch (error) {
      this.#o.failed('detach', error);
    }
  }

  async #settled(what: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#o.failed(what, error);
    }
  }
}
