import { isNamedBy } from './planted.mjs';

/** A leak that goes on long enough is seen on the heap as well; that is no second leak. */
const consequences = new Set(['heap_growth', 'memory_limit', 'gc_pressure', 'fragmentation']);

/** What was planted and what stands, side by side. */
export function verdictOn(planted, { standing, closed }) {
  const leaks = planted.map((leak) => ({
    ...leak,
    findings: standing.filter((finding) => isNamedBy(leak, finding)),
    closed: closed.find((finding) => isNamedBy(leak, finding)),
  }));
  const unnamed = standing.filter((finding) => !planted.some((leak) => isNamedBy(leak, finding)));
  const isConsequence = ({ type }) => planted.length > 0 && consequences.has(type);
  return {
    leaks,
    missed: leaks.filter(({ findings }) => findings.length === 0),
    strays: unnamed.filter((finding) => !isConsequence(finding)),
    consequences: unnamed.filter(isConsequence),
  };
}

/** Why the run did not go as it should, a sentence each; empty where it did. */
export function complaintsAbout({ missed, strays }, { counts, received }) {
  const complaints = [];
  if (missed.length > 0) complaints.push(`Not named at their line: ${missed.map(({ name }) => name).join(', ')}.`);
  if (strays.length > 0) complaints.push(`Found where nothing was planted: ${strays.length}.`);
  if (!received.metricNames.has('outlive.self.sweeps')) complaints.push('No sweep was reported: nothing was judged.');
  if (counts.requests === 0) complaints.push('The load sent no request.');
  if (counts.failed > counts.requests / 100) complaints.push(`${counts.failed} requests failed.`);
  return complaints;
}
