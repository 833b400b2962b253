interface Node {
  readonly type: string;
  readonly name?: string;
  readonly matchers?: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly [part: string]: unknown;
}
interface Rule {
  readonly name: string;
  readonly type: 'recording' | 'alerting';
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

/** The rules that Prometheus runs, as it tells them. */
export async function rulesOf(prometheusUrl: string): Promise<Rule[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/rules`);
  const { data } = (await response.json()) as { data: { groups: readonly { rules: readonly Rule[] }[] } };
  return data.groups.flatMap(({ rules }) => rules);
}

/** What a query reads: its selectors, found by Prometheus' own parser. An alert that is silent reads something all the same. */
export async function selectorsOf(prometheusUrl: string, query: string): Promise<string[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/parse_query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  });
  const { data } = (await response.json()) as { data: Node };
  return [...new Set(selectorsIn(data))];
}

function* selectorsIn(node: Node): Generator<string> {
  if (node.type === 'vectorSelector' || node.type === 'matrixSelector') {
    const matchers = (node.matchers ?? []).filter(({ name }) => name !== '__name__');
    yield `${node.name}{${matchers.map(({ name, type, value }) => `${name}${type}${JSON.stringify(value)}`).join(', ')}}`;
    return;
  }
  for (const part of Object.values(node).flat()) {
    if (typeof part === 'object' && part !== null && 'type' in part) yield* selectorsIn(part as Node);
  }
}
