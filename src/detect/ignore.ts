import type { Finding } from './finding.ts';

/** A finding that the user knows of and does not want to hear: by configuration, with a reason, for a time. */
export interface IgnoreRule {
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  /** `path:line` or a part of the path. */
  readonly site?: string | undefined;
  readonly scope?: string | undefined;
  readonly reason: string;
  /** ISO date; from then on the rule is void and that is said. */
  readonly until?: string | undefined;
}

/** The rule that silences a finding at this moment, if any. */
export function ignoredBy(finding: Finding, rules: readonly IgnoreRule[], wallMs: number): IgnoreRule | undefined {
  return rules.find((rule) => !isExpired(rule, wallMs) && matches(rule, finding));
}

export const isExpired = ({ until }: IgnoreRule, wallMs: number): boolean =>
  until !== undefined && Date.parse(until) <= wallMs;

/** What is said when a rule runs out: once a rule. */
export const expiryText = ({ id, type, site, scope, reason, until }: IgnoreRule): string =>
  `the ignore rule for ${id ?? type ?? site ?? scope} ("${reason}") ran out on ${until}: what it silenced is told again. Renew it or remove it`;

function matches({ id, type, site, scope }: IgnoreRule, finding: Finding): boolean {
  if (id === undefined && type === undefined && site === undefined && scope === undefined) return false;
  const at = finding.place === undefined ? '' : `${finding.place.file}:${finding.place.line}:${finding.place.column}`;
  return (
    (id === undefined || id === finding.id) &&
    (type === undefined || type === finding.type) &&
    (site === undefined || at.includes(site)) &&
    (scope === undefined || scope === finding.scopeName)
  );
}
