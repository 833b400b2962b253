export interface Starter {
  readonly summary: string;
  /** Folders and files of `deploy/`, by the name they get. */
  readonly files: Readonly<Record<string, string>>;
  /** Where they go, from the folder the command is run in. */
  readonly into: string;
  /** What to do then. */
  readonly next: string;
}

/** Each keeps its place in `deploy/`, so that together they refer to each other as they do there. */
const folders = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

export const starters = {
  collector: {
    summary: 'OpenTelemetry Collector and Loki; docker compose and Kubernetes files',
    files: folders('collector', 'loki', 'compose', 'kubernetes'),
    into: 'outlive',
    next: 'Then: OTEL_EXPORTER_OTLP_ENDPOINT=http://<collector>:4318 node --import outlive/register app.js',
  },
  prometheus: {
    summary: 'Prometheus with recording and alert rules and their tests; Alertmanager',
    files: folders('prometheus', 'alertmanager'),
    into: 'outlive',
    next: 'Then: promtool test rules outlive/prometheus/rules-tests/alerts.test.yml',
  },
  grafana: {
    summary: 'dashboards: overview, one service, one finding, the fleet',
    files: folders('grafana'),
    into: 'outlive',
    next: 'Import the dashboards, or provision the folder. dashboards-js-exporter is for @opentelemetry/exporter-prometheus.',
  },
  ci: {
    summary: 'a GitHub workflow that checks the set-up with `npx outlive doctor`',
    files: { '.github/workflows/outlive.yml': 'ci/outlive.yml' },
    into: '.',
    next: 'It runs on the next push.',
  },
} as const satisfies Record<string, Starter>;

export const isStarter = (name: string): name is keyof typeof starters => Object.hasOwn(starters, name);
