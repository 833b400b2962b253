import { styleText } from 'node:util';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing the doctor looked at. */
export interface Check {
  readonly title: string;
  readonly status: CheckStatus;
  /** What was seen. */
  readonly seen: string;
  /** More of it, a line each. */
  readonly more?: readonly string[];
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

const marks = {
  ok: styleText('green', '✓'),
  warning: styleText('yellow', '!'),
  failed: styleText('red', '✗'),
  skipped: styleText('dim', '–'),
};
const titleWidth = 17;

export function checkText({ title, status, seen, more = [], remedy }: Check): string {
  const rest = remedy === undefined ? more : [...more, `→ ${remedy}`];
  const indent = ' '.repeat(titleWidth + 5);
  return [`  ${marks[status]} ${title.padEnd(titleWidth)} ${seen}`, ...rest.map((line) => indent + line), ''].join(
    '\n',
  );
}

export function verdictText(checks: readonly Check[]): string {
  const [failed, warnings] = [countOf(checks, 'failed'), countOf(checks, 'warning')];
  if (failed > 0) return `Not ready: ${failed} of ${checks.length} checks failed.`;
  const ready = 'Ready: node --import outlive/register app.js';
  return warnings === 0 ? ready : `${ready} (${warnings === 1 ? 'one warning' : `${warnings} warnings`} above)`;
}

const countOf = (checks: readonly Check[], status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length;
