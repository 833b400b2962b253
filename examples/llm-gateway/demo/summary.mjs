/** The end of the run in lines: what was planted and named, what stood elsewhere, what was exported. */
export function summaryOf({ verdict, complaints, closed, received, relay, counts }) {
  return [
    '',
    ...plantedLines(verdict),
    '',
    ...elsewhereLines(verdict, closed),
    '',
    ...exportLines(received, relay),
    '',
    `Load      ${number(counts.requests)} requests, ${number(counts.streams)} of them streams, ${number(counts.dropped)} dropped by the client, ${number(counts.failed)} failed`,
    '',
    ...verdictLines(verdict, complaints),
  ];
}

function plantedLines({ leaks, missed }) {
  if (leaks.length === 0) return ['Planted   nothing: every route is healthy'];
  const named = leaks.length - missed.length;
  return [`Planted   ${named} of ${leaks.length} leaks named at their line`, ...leaks.flatMap(linesOfLeak)];
}

function linesOfLeak({ name, file, line, findings, closed }) {
  const place = `gateway/${file}:${line}`;
  if (findings.length === 0) {
    return [
      `  ✘ ${name.padEnd(11)} ${place.padEnd(44)} ${closed ? `was found, and ${closed.state}` : 'was not found'}`,
    ];
  }
  return findings.map(
    ({ type, certainty, count, afterS }) =>
      `  ✔ ${name.padEnd(11)} ${place.padEnd(44)} ${type} (${certainty}), ${count} open, after ${Math.round(afterS)} s`,
  );
}

function elsewhereLines({ strays, consequences }, closed) {
  return [
    strays.length === 0 ? 'Elsewhere nothing stands, on no route' : `Elsewhere ${strays.length} that nobody planted`,
    ...strays.map((finding) => `  ✘ ${described(finding)}`),
    ...consequences.map((finding) => `  · ${described(finding)}: a consequence of what was planted`),
    ...closed.map((finding) => `  · ${described(finding)}: said, and ${endOf(finding)}`),
  ];
}

const endOf = ({ state, partOf }) => (partOf ? `then joined with ${partOf}, whose doing it is` : state);

const described = ({ type, certainty, resource, file, line, fn, scope }) =>
  [`${type} (${certainty})`, resource, file && `at ${file}:${line}${fn ? ` ${fn}` : ''}`, scope && `in ${scope}`]
    .filter(Boolean)
    .join(' ');

function exportLines(received, relay) {
  const own = [...received.metricNames]
    .filter((name) => name.startsWith('outlive.'))
    .toSorted((a, b) => a.localeCompare(b));
  return [
    `Exported  ${received.metricPosts} metric posts with ${received.metricNames.size} metrics, ${received.logRecords} log records in ${received.logPosts} posts`,
    ...wrapped(own),
    ...(relay ? [relayLine(relay)] : []),
  ];
}

const relayLine = ({ endpoints, sent, failed, lastError }) =>
  `  passed on to ${endpoints.join(' and ')}: ${sent} posts${failed ? `, ${failed} failed (${lastError})` : ''}`;

function wrapped(words) {
  const lines = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last && last.length + word.length < 112) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}

function verdictLines({ leaks }, complaints) {
  if (complaints.length > 0) return complaints.map((complaint) => `✘ ${complaint}`);
  return leaks.length === 0
    ? ['✔ Nothing was planted and nothing was found.']
    : ['✔ Every planted leak was named at its line, and nothing else was.'];
}

const number = (n) => n.toLocaleString('en-US');
