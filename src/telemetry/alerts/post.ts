import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { unheldAgent } from '../export-agent.ts';
import { failureOf, type Outcome, outcomeOf } from './outcome.ts';

/** One request to a receiver. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostOptions {
  /** For the whole of it. */
  readonly timeoutMs: number;
  readonly wallMs: () => number;
  /** A timer that does not hold the process open. */
  readonly setTimeout: (fn: () => void, ms: number) => { cancel(): void };
}

/** Nothing of an answer is needed but its status; what goes on beyond this is cut off. */
const maxAnswerBytes = 65_536;

/**
 * Sends it, and answers how it was taken as soon as the status is there. Follows no redirect, as a message may hold what
 * only its receiver may read. Never rejects, never holds the process open.
 */
export function post({ url, headers, body }: Post, { timeoutMs, wallMs, setTimeout }: PostOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => resolve(failureOf(error));
    try {
      const request = begun(url, {
        method: 'POST',
        headers: { 'user-agent': 'outlive', 'content-type': 'application/json', ...headers },
      });
      const timer = setTimeout(() => request.destroy(timedOut()), timeoutMs);
      request.on('response', (response) => {
        resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after'], wallMs()));
        readOut(response);
      });
      request.on('error', fail);
      request.on('close', () => {
        timer.cancel();
        resolve({ is: 'failed', why: 'closed without an answer' });
      });
      request.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

function begun(url: string, options: RequestOptions): ClientRequest {
  const { protocol } = new URL(url);
  const { request } = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
  return request(url, { ...options, agent: unheldAgent(protocol, { keepAlive: false }) });
}

const timedOut = (): Error => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });

function readOut(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => {});
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxAnswerBytes) response.destroy();
  });
}
