export interface LogEntry {
  readonly labels: Readonly<Record<string, string>>;
  readonly line: string;
  readonly timeMs: number;
}
interface LokiAnswer {
  readonly data: {
    readonly result: readonly {
      readonly stream: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [string, string])[];
    }[];
  };
}

/** What Loki has of the last hour. */
export async function askLoki(lokiUrl: string, query: string): Promise<LogEntry[]> {
  const start = String((Date.now() - 3_600_000) * 1e6);
  const response = await fetch(
    `${lokiUrl}/loki/api/v1/query_range?${new URLSearchParams({ query, start, limit: '5000' }).toString()}`,
  );
  if (!response.ok) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  const { data } = (await response.json()) as LokiAnswer;
  return data.result.flatMap(({ stream, values }) =>
    values.map(([timeNs, line]) => ({ labels: stream, line, timeMs: Number(timeNs) / 1e6 })),
  );
}
