import { firstVerdictSweeps } from '../detect/survival-rule.ts';
import { cleanText } from './clean-text.ts';
import { durationText } from './units.ts';

/** Whose OpenTelemetry provider takes a signal; `none` where it is switched off. */
type ProviderOwner = 'app' | 'own' | 'none';

/** What outlive knows of its set-up when it has started. */
export interface StartFacts {
  readonly version: string;
  readonly tier: string;
  /** Hook groups that are attached, and those that are not. */
  readonly hooks: readonly string[];
  readonly hooksOff: readonly string[];
  /** What carries scopes over asynchronous calls. */
  readonly context: string;
  readonly metrics: ProviderOwner;
  readonly findings: ProviderOwner;
  /** Where outlive's own exporters send to. */
  readonly endpoint: string | undefined;
  readonly sweepIntervalMs: number;
  /** What cannot be done in this process, a few words each. */
  readonly cannot?: readonly string[];
}

/** The one line at start: what is attached, where it goes, when verdicts begin. */
export function startLine(facts: StartFacts): string {
  const { version, tier, context, sweepIntervalMs, cannot = [] } = facts;
  return [
    `outlive: ${version} (${tier}) watches ${hooksText(facts)}, scopes by ${context}`,
    exportText(facts),
    `sweeps every ${durationText(sweepIntervalMs)}, first verdicts in about ${durationText(firstVerdictSweeps() * sweepIntervalMs)}`,
    ...cannot.map((what) => `cannot ${cleanText(what, 200)}`),
  ].join('; ');
}

function hooksText({ hooks, hooksOff }: StartFacts): string {
  if (hooks.length === 0) return 'nothing, for all hooks are off';
  return hooks.join(', ') + (hooksOff.length === 0 ? '' : ` (off: ${hooksOff.join(', ')})`);
}

function exportText({ metrics, findings, endpoint }: StartFacts): string {
  const destinationOf = {
    app: "to the app's own provider",
    own: `to ${endpoint === undefined ? 'the endpoint of OTEL_EXPORTER_OTLP_ENDPOINT' : endpointText(endpoint)}`,
    none: 'nowhere',
  };
  if (metrics === findings) return `metrics and findings go ${destinationOf[metrics]}`;
  return `metrics go ${destinationOf[metrics]}, findings ${destinationOf[findings]}`;
}

/** An endpoint without what may be secret in it. */
function endpointText(endpoint: string): string {
  if (!/^https?:/i.test(endpoint) || !URL.canParse(endpoint)) {
    return cleanText(endpoint.slice(endpoint.lastIndexOf('@') + 1).replace(/[?#].*$/s, ''));
  }
  const { protocol, host, pathname } = new URL(endpoint);
  return cleanText(`${protocol}//${host}${pathname === '/' ? '' : pathname}`);
}
