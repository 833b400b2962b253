import type { Finding } from './finding.ts';

/**
 * Names of the scopes of which some accusation stands already: what was leaked in them may hold their contexts, by a
 * callback that closes over the response, so that a retained context alone is no second cause.
 */
export function scopesExplained(standing: Iterable<Pick<Finding, 'kind' | 'severity' | 'scopeName'>>): Set<string> {
  const names = new Set<string>();
  for (const { kind, severity, scopeName } of standing) {
    if (scopeName !== undefined && kind !== 'context' && severity !== 'info') names.add(scopeName);
  }
  return names;
}
