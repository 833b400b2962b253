import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binary, binaryPath } from './programs.ts';

export interface ProgramOptions {
  readonly binary: Binary;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Answers 2xx as soon as the program is ready. */
  readonly readyUrl: string;
  readonly readyWithinMs?: number;
}

const maxOutputLength = 20_000;

/** One of the backend's programs, from its start on loopback to its end. */
export class ProgramProcess {
  readonly #child: ChildProcess;
  readonly #binary: Binary;
  #output = '';

  private constructor({ binary, args, env }: ProgramOptions) {
    this.#binary = binary;
    this.#child = spawn(binaryPath(binary), args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const take = (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-maxOutputLength));
    this.#child.stdout?.on('data', take);
    this.#child.stderr?.on('data', take);
    const end = () => this.#child.kill('SIGKILL');
    process.once('exit', end);
    this.#child.once('exit', () => process.off('exit', end));
  }

  static async start(options: ProgramOptions): Promise<ProgramProcess> {
    const program = new ProgramProcess(options);
    try {
      await program.#ready(options.readyUrl, options.readyWithinMs ?? 60_000);
      return program;
    } catch (error) {
      await program.stop('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The last of what it wrote. */
  get output(): string {
    return this.#output;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM', graceMs = 10_000): Promise<void> {
    if (this.#over) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await exit;
    clearTimeout(patience);
  }

  get #over(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  async #ready(url: string, withinMs: number): Promise<void> {
    const deadlineMs = Date.now() + withinMs;
    while (Date.now() < deadlineMs) {
      if (this.#over) throw new Error(`${this.#binary} ended before it was ready:\n${this.#output}`);
      const status = await fetch(url).then(
        async (response) => (await response.arrayBuffer(), response.status),
        () => 0,
      );
      if (status >= 200 && status < 300) return;
      await delay(100);
    }
    throw new Error(`${this.#binary} was not ready at ${url} within ${withinMs / 1000} s:\n${this.#output}`);
  }
}
