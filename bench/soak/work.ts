import { EventEmitter } from 'node:events';
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { scope } from '../../src/index.ts';
import type { Random } from '../detection/random.ts';

/** Ends what was opened. */
type End = () => void;
type Open = (n: number) => End;

interface Sort {
  /** Of 21. */
  readonly share: number;
  readonly open: Open;
  /** Node or the app holds it until it is ended: one that is never ended would be a leak of the app. */
  readonly isRooted?: boolean;
}

class Connection extends EventEmitter {
  close(): void {
    this.removeAllListeners();
  }
}

async function* rows(count: number): AsyncGenerator<number> {
  try {
    for (let row = 0; row < count; row++) yield row;
  } finally {
    // what a cursor would close
  }
}

const bus = new EventEmitter().setMaxListeners(0);
const shutdown = new AbortController();
EventEmitter.setMaxListeners(0, shutdown.signal);

/** One resource of each sort, as apps open them; each on a line of its own. */
const sorts: Readonly<Record<string, Sort>> = {
  stream: {
    share: 8,
    open: (n) => {
      const stream = new PassThrough();
      if (n % 4 === 0) stream.write('row');
      return () => stream.destroy();
    },
  },
  timer: {
    share: 4,
    isRooted: true,
    open: () => {
      const timer = setInterval(() => {}, 60_000).unref();
      return () => clearInterval(timer);
    },
  },
  'long timeout': {
    share: 1,
    isRooted: true,
    open: () => {
      const timer = setTimeout(() => {}, 120_000).unref();
      return () => clearTimeout(timer);
    },
  },
  generator: {
    share: 2,
    open: (n) => {
      const generator = rows(2);
      void generator.next();
      return () => void (n % 2 === 0 ? generator.return(undefined) : drained(generator));
    },
  },
  listener: {
    share: 3,
    isRooted: true,
    open: (n) => {
      const listener = (): void => {};
      bus.on(`tenant ${n % 3}`, listener);
      return () => bus.off(`tenant ${n % 3}`, listener);
    },
  },
  'abort listener': {
    share: 1,
    isRooted: true,
    open: () => {
      const listener = (): void => {};
      shutdown.signal.addEventListener('abort', listener);
      return () => shutdown.signal.removeEventListener('abort', listener);
    },
  },
  client: {
    share: 1,
    open: () => {
      const client = new Connection();
      return () => client.close();
    },
  },
  agent: {
    share: 1,
    open: () => {
      const agent = new http.Agent({ keepAlive: true });
      return () => agent.destroy();
    },
  },
};

async function drained(generator: AsyncGenerator<number>): Promise<void> {
  // oxlint-disable-next-line no-empty -- read to its end
  for await (const _ of generator) {
  }
}

const wheel = Object.values(sorts).flatMap((sort) => Array.from({ length: sort.share }, () => sort)) as [
  Sort,
  ...Sort[],
];

/** What is kept over the end of its job, at once. */
const heldOver = 1_000;
const jobSize = 50;
/** Every so many jobs one is large: more than the nursery of a scope holds. */
const largeEvery = 200;
const largeSize = 2_000;
const jobNames = 50;
/** One job in so many has a name of its own, made of an id by an app that does not know better: no table may keep them. */
const namedByIdEvery = 4;
const lateMs = 3_000;

/**
 * Opens resources in jobs and ends them: most with their job, one in eight soon after it, one in 500 some seconds later,
 * one in 5,000 never.
 */
export class Work {
  opened = 0;
  #held: End[] = [];
  #late: { readonly atMs: number; readonly end: End }[] = [];
  #jobs = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async job(): Promise<void> {
    const number = this.#jobs++;
    const size = number % largeEvery === 0 ? largeSize : jobSize;
    await scope(number % namedByIdEvery === 0 ? `job of ${number}` : `job ${number % jobNames}`, async () => {
      const ends: End[] = [];
      for (let i = 0; i < size; i++) this.#one(ends);
      await turn();
      for (const end of ends) end();
    });
    this.#endOldest(this.#held.length - heldOver);
    const nowMs = performance.now();
    while ((this.#late[0]?.atMs ?? Infinity) <= nowMs) this.#late.shift()?.end();
  }

  endAll(): void {
    this.#endOldest(this.#held.length);
    for (const { end } of this.#late.splice(0)) end();
  }

  #one(ends: End[]): void {
    const n = this.opened++;
    const { open, isRooted } = this.#random.pick(wheel);
    const end = open(n);
    if (n % 5_000 === 0 && isRooted !== true) return;
    if (n % 500 === 0) this.#late.push({ atMs: performance.now() + lateMs, end });
    else (n % 8 === 0 ? this.#held : ends).push(end);
  }

  #endOldest(count: number): void {
    for (const end of this.#held.splice(0, Math.max(0, count))) end();
  }
}
