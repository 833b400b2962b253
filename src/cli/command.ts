/** Where a command writes: people read `out`; `err` has usage errors and progress. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** Answers the exit code: 0 all is well, 1 it is not, 2 wrongly called. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** A command that was wrongly called: its message is for the user, its exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
