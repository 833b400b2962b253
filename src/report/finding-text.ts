import type { Finding, Rate } from '../detect/finding.ts';
import { cleanText } from './clean-text.ts';
import { bytesText, countedText, countText, durationText, figureText, timeText } from './units.ts';
import { becauseOf, memoryTextOf, neverOf, nounOf, sortOf, takenBackOf } from './wording.ts';

export interface FindingTextOptions {
  /** For a terminal. */
  readonly colour?: boolean;
}

/**
 * A finding as it stands on stderr. One that is raised takes up to nine lines: what and where, how bad, in which work,
 * what to do, how to silence it; its later states take one. The first line says enough where lines are torn apart.
 */
export function findingText(finding: Finding, { colour = false }: FindingTextOptions = {}): string {
  const style = colour ? coloured : plain;
  return finding.state === 'raised' ? raisedText(finding, style) : `outlive: ${laterText(finding, style)}`;
}

/** A finding in one line: the body of its log record. */
export function findingLine(finding: Finding): string {
  if (finding.state !== 'raised') return laterText(finding, plain);
  return `${accusation(finding)}: ${complaint(finding)}. Fix: ${adviceText(finding)}`;
}

interface Style {
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
  readonly label: (text: string) => string;
}

const asItIs = (text: string): string => text;
const plain: Style = { bad: asItIs, good: asItIs, label: asItIs };
// which stream it is for is the caller's to know
const { styleText } = process.getBuiltinModule('node:util');
const styled = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(format, text, { validateStream: false });
const coloured: Style = { bad: styled(['red', 'bold']), good: styled('green'), label: styled('dim') };

function raisedText(finding: Finding, { bad, label }: Style): string {
  const { id, retainedBy } = finding;
  const lines = [
    ['what', complaint(finding)],
    ['line', sourceText(finding)],
    ['through', throughText(finding)],
    ['since', howBad(finding)],
    ['during', workText(finding)],
    ['held by', cleanText(retainedBy ?? '', 200)],
    ['fix', adviceText(finding)],
    ['id', `${id}; to silence it: { "ignore": [{ ${silencedBy(finding)}, "reason": "…" }] } in outlive.config.json`],
  ] as const;
  return [
    `outlive: ${(finding.severity === 'info' ? asItIs : bad)(accusation(finding))}`,
    ...lines.flatMap(([name, text]) => (text === '' ? [] : [`  ${label(name.padEnd(7))} ${text}`])),
  ].join('\n');
}

/** A cost alone, not what may leak one day at the same line, under the same id. */
const silencedBy = ({ id, type }: Finding): string =>
  sortOf(type) === 'cost' ? `"id": "${id}", "type": "${type}"` : `"id": "${id}"`;

function laterText(finding: Finding, { bad, good }: Style): string {
  const { state, kind, firstSeenMs, lastSeenMs, partOf, closedAs } = finding;
  const stood = `it stood for ${durationText(Math.max(0, lastSeenMs - firstSeenMs))}`;
  switch (state) {
    case 'raised':
    case 'updated':
      return `${bad(`still: ${accusation(finding)}`)}: ${complaint(finding)}; since ${howBad(finding)}. Fix: ${adviceText(finding)}`;
    case 'resolved':
      if (partOf !== undefined) return `${bad(`joined: ${accusation(finding)}`)}: ${partText(partOf)}`;
      if (closedAs === 'level')
        return `${bad(`levelled off: ${accusation(finding)}`)}: ${stood} and grows no more, but what it counted is open still: ${numberText(finding)}`;
      if (closedAs === 'unwatched')
        return `${bad(`no longer watched: ${accusation(finding)}`)}: ${stood}; whether it goes on is not known`;
      return `${good(`resolved: ${accusation(finding)}`)}: ${stood} and is over`;
    case 'retracted':
      return `${good(`retracted: ${accusation(finding)}`)}: said in error, ${takenBackOf(kind)}; ${stood}`;
  }
}

/** What was told before its cause was: nothing of it is over. */
function partText({ id, type, place }: NonNullable<Finding['partOf']>): string {
  const where = place === undefined ? '' : ` at ${cleanText(place.file, 300)}:${place.line}:${place.column}`;
  return `the same leak as ${type}${where}, id ${id}, and told as that from now on`;
}

/** `leak (likely unreleased_stream) at src/export.mjs:14:22 (sendFile)`. */
function accusation({ certainty, severity, type, place }: Finding): string {
  const what = `${severity === 'critical' ? 'critical ' : ''}${sortOf(type)} (${certainty} ${type})`;
  if (place === undefined) return what;
  const { file, line, column, fn } = place;
  const within = cleanText(fn, 80);
  return `${what} at ${cleanText(file, 300)}:${line}:${column}${within === '' ? '' : ` (${within})`}`;
}

/** `17 of 40 streams (fs.WriteStream) never released, though the work that opened them is over`. */
function complaint(finding: Finding): string {
  const { type, detector, kind, count, opened } = finding;
  const name = cleanText(finding.resourceType, 80);
  if (kind === 'heap' && detector === 'growth' && finding.place !== undefined) return heapComplaint(finding);
  if (type === 'client_churn') return churnComplaint(finding);
  if (type === 'client_sockets')
    return `a client (${name}) has ${detector === 'growth' ? 'ever more sockets open' : 'more sockets open than it has use for'}`;
  const never = kind === 'http.request' ? 'never answered' : neverOf[type];
  if (never === undefined) return memoryTextOf[type] ?? name;
  if (name.endsWith('write buffer')) return `${name} holds ${bytesText(finding.bytes)} and grows`;
  if (kind === 'queue' || kind === 'collection')
    return `${kind} ${name} holds ${countedText(count, nounOf[kind])} and grows`;
  const share = opened > count ? `${countText(count)} of ${countedText(opened, nounOf[kind])}` : undefined;
  return `${share ?? countedText(count, nounOf[kind])} (${name}) ${never}${becauseOf[detector]}`;
}

/** `clients (pg.Client) are made for a run of the work and closed after it, each with a socket: no leak, but …`. */
function churnComplaint({ count, resourceType, sockets = 0 }: Finding): string {
  const each =
    count > 0 && sockets > 0 ? `, each with about ${countedText(Math.max(1, sockets / count), socketNoun)}` : '';
  return `clients (${cleanText(resourceType, 80)}) are made for each run of the work and closed after it${each}: no leak, but each pays for a connection`;
}

/** `300 clients (pg.Client)`. */
const numberText = ({ count, kind, resourceType }: Finding): string =>
  `${countedText(count, nounOf[kind])} (${cleanText(resourceType, 80)})`;

/** `3.1 MB of what was allocated here is kept, and ever more of it`. */
function heapComplaint({ type, bytes }: Finding): string {
  const what = type === 'growing_queue' ? 'waits to be let go' : 'is kept';
  return `${bytesText(bytes)} of what was allocated here ${what}, and ever more of it`;
}

const socketNoun = nounOf.socket;

/** When it began, how fast it goes on, what it holds. */
function howBad(finding: Finding): string {
  const { type, kind, oldestAgeMs, firstSeenMs, lastSeenMs, rate, pattern, bytes, sockets = 0 } = finding;
  const age = Number.isFinite(oldestAgeMs) ? Math.max(0, oldestAgeMs) : 0;
  const waits = kind === 'queue' || kind === 'collection';
  const beganMs = waits ? firstSeenMs : lastSeenMs - age;
  const began = beganMs < lastSeenMs ? ` (${durationText(lastSeenMs - beganMs)})` : '';
  return [
    timeText(beganMs) + began,
    waits && age > 0 && `the oldest waits for ${durationText(age)}`,
    rate &&
      rate.low > 0 &&
      (kind === 'heap' ? bytesRateText(rate) : rateText(rate, type === 'client_churn' ? '' : ' more')),
    pattern,
    type !== 'client_churn' && sockets > 0 && `${countedText(sockets, socketNoun)} open`,
    bytes > 0 && `${bytesText(bytes)}${kind === 'heap' ? '' : ' in buffers'}`,
  ]
    .filter((part) => typeof part === 'string')
    .join('; ');
}

/** In the unit that a person can picture. */
function rateText({ value, low, high }: Rate, more: string): string {
  const [perUnit, unit] = value >= 36_000 ? [3_600, 'second'] : value >= 600 ? [60, 'minute'] : [1, 'hour'];
  const [about, from, to] = [value, low, high].map((perHour) => figureText(perHour / perUnit));
  return `${about}${more} ${unit === 'hour' ? 'an' : 'a'} ${unit} (95 %: ${from} to ${to})`;
}

const bytesRateText = ({ value, low, high }: Rate): string =>
  `${bytesText(value)} more an hour (95 %: ${bytesText(low)} to ${bytesText(high)})`;

/** In which work things were opened, with an example of it in a trace. */
function workText({ scopeName, trace }: Finding): string {
  const example = trace === undefined ? '' : `trace ${trace.traceId}`;
  const scope = cleanText(scopeName ?? '');
  return scope === '' || example === '' ? scope + example : `${scope}, for example ${example}`;
}

const adviceText = ({ advice }: Finding): string => cleanText(advice, 300);

/** The innermost frame, where it is another than the line that is named: what that line called. */
function throughText({ stack, place }: Finding): string {
  const [innermost = ''] = stack?.split('\n', 1) ?? [];
  const isNamed = place === undefined || innermost.includes(`${place.file}:${place.line}`);
  return isNamed ? '' : cleanText(innermost.replace(/^at /, ''), 200);
}

const sourceText = ({ place }: Finding): string => cleanText(place?.text ?? '', 160);
