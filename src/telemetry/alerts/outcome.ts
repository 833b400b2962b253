/** How a receiver took a message. No reason holds a URL, a key or a word of its answer. */
export type Outcome =
  | { readonly is: 'taken' }
  /** It would refuse it again. */
  | { readonly is: 'refused'; readonly why: string }
  /** Worth another attempt. */
  | { readonly is: 'failed'; readonly why: string; readonly retryAfterMs?: number };

export const taken: Outcome = { is: 'taken' };

/** Statuses of which a second attempt may be better: time-out, too early, too many, and all errors of the server. */
const isPassing = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500;

/** @param retryAfter the header `retry-after`: seconds or a date */
export function outcomeOf(status: number, retryAfter: string | undefined, wallMs: number): Outcome {
  if (status >= 200 && status < 300) return taken;
  const why = `HTTP ${status}`;
  if (!isPassing(status)) return { is: 'refused', why };
  const retryAfterMs = retryAfterMsOf(retryAfter, wallMs);
  return { is: 'failed', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function retryAfterMsOf(text: string | undefined, wallMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - wallMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The code of an error, or its name: messages of Node name the host, and those of an app may hold anything. */
export function failureOf(error: unknown): Outcome {
  if (!(error instanceof Error)) return { is: 'failed', why: 'no reason given' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { is: 'failed', why: /^\w{1,60}$/.test(code) ? code : 'error' };
}
