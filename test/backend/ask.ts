import { setTimeout as delay } from 'node:timers/promises';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
interface PromVector {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** What Prometheus answers now. */
export async function ask(prometheusUrl: string, query: string): Promise<Sample[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  });
  const answer = (await response.json()) as PromVector;
  if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`);
  return answer.data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
}

/** Asks until the answer is as it should be; fails with the last one. */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs = 60_000, what = 'the answer' }: { readonly withinMs?: number; readonly what?: string } = {},
): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const answer = await read();
    if (holds(answer)) return answer;
    if (Date.now() > deadlineMs)
      throw new Error(`${what} after ${withinMs / 1000} s: ${JSON.stringify(answer, undefined, 1)}`);
    await delay(250);
  }
}
