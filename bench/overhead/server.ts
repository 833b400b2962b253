import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AppName, apps } from './apps.ts';
import { environmentOf, nodeArgumentsOf, type SetupName } from './setups.ts';
import { portOf, type Surroundings } from './surroundings.ts';

/** What a measured process has used since it began. */
export interface Readings {
  readonly cpuUs: number;
  readonly rssBytes: number;
}

export interface ServerOptions {
  readonly binary: string;
  /** Options of Node's own. */
  readonly flags: readonly string[];
  readonly app: AppName;
  readonly setup: SetupName;
  readonly surroundings: Surroundings;
}

const meter = new URL('meter.mjs', import.meta.url).href;

/** The one line that outlive writes into a healthy app's stderr; a finding here would be a false alarm. */
const saysThatItStarted = /^outlive: \S+ \(\w+\) watches .*\n$/;

/** An app under one set-up in a process of its own. */
export class Server {
  readonly setup: SetupName;
  readonly #child: ChildProcess;
  readonly #app: AppName;
  readonly #port: number;
  readonly #surroundings: Surroundings;

  private constructor({ setup, app, surroundings }: ServerOptions, child: ChildProcess, port: number) {
    this.setup = setup;
    this.#app = app;
    this.#surroundings = surroundings;
    this.#child = child;
    this.#port = port;
  }

  static async start(options: ServerOptions): Promise<Server> {
    const { binary, flags, app, setup, surroundings } = options;
    const child = spawn(binary, [...flags, '--import', meter, ...nodeArgumentsOf(setup), apps[app].file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { PATH: process.env['PATH'], ...surroundings.env, ...environmentOf(setup) },
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (!saysThatItStarted.test(text)) process.stderr.write(text);
    });
    return new Server(options, child, await portOf(child));
  }

  async read(): Promise<Readings> {
    this.#child.send('read');
    const [readings] = (await once(this.#child, 'message')) as [Readings];
    return readings;
  }

  /** Latencies of so many requests in ms. */
  async serve(requests: number): Promise<number[]> {
    const { request } = apps[this.#app];
    return (await this.#surroundings.load({ port: this.#port, request, requests })).latenciesMs;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
