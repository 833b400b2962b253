import { histograms, scalars } from '../../src/telemetry/metric-table.ts';

interface Names {
  /** What Prometheus' OTLP receiver and the Collector's exporter make of it: with its unit. */
  readonly otlp: string;
  /** What `@opentelemetry/exporter-prometheus` makes of it: without. */
  readonly jsExporter: string;
}

const unitWords: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', h: 'hour' };

const sanitized = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, '_');

/** `By/s` is `bytes_per_second`; what stands in braces is no unit, only a remark. */
function unitSuffix(unit: string, isGauge: boolean): string {
  if (unit === '1') return isGauge ? '_ratio' : '';
  const [of = '', per] = unit.split('/').map((part) => part.replaceAll(/\{.*\}|^1$/g, ''));
  const perWord = per === 's' ? 'second' : (unitWords[per ?? ''] ?? '');
  return `${of === '' ? '' : `_${unitWords[of] ?? of}`}${perWord === '' ? '' : `_per_${perWord}`}`;
}

/** What the name says already is not said twice. */
const suffixed = (base: string, suffix: string): string => (base.endsWith(suffix) ? base : `${base}${suffix}`);

function* allNames(): Generator<Names> {
  for (const { name, unit, instrument } of Object.values(scalars)) {
    const base = sanitized(name);
    const total = instrument === 'counter' ? '_total' : '';
    yield {
      otlp: `${suffixed(base, unitSuffix(unit, instrument === 'gauge'))}${total}`,
      jsExporter: `${base}${total}`,
    };
  }
  for (const { name, unit } of Object.values(histograms)) {
    for (const part of ['_bucket', '_sum', '_count']) {
      yield {
        otlp: `${suffixed(sanitized(name), unitSuffix(unit, false))}${part}`,
        jsExporter: `${sanitized(name)}${part}`,
      };
    }
  }
}

/** Every series name that outlive makes in a Prometheus, by both roads. */
export const prometheusNames: readonly Names[] = [...allNames()];

const jsExporterName = new Map(prometheusNames.map(({ otlp, jsExporter }) => [otlp, jsExporter]));

/** The same query or rule file for what `@opentelemetry/exporter-prometheus` exports. */
export const forJsExporter = (text: string): string =>
  text.replaceAll(/\b[a-z][a-z0-9_]*\b/g, (word) => jsExporterName.get(word) ?? word);
