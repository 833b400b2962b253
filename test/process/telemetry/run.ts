import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Running {
  readonly ended: Promise<Ended>;
  stderr(): string;
  kill(signal?: NodeJS.Signals): void;
}

/** A program in a process of its own, on this Node, without a word of OpenTelemetry in its environment but `env`. */
export function running(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): Running {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OTEL|OUTLIVE|NODE)_/.test(name)));
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--expose-gc', ...args], {
    cwd,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, ms: performance.now() - startedMs }));
  });
  return { ended, stderr: () => stderr, kill: (signal) => void child.kill(signal) };
}
