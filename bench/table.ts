import type { Interval } from './interval.ts';

/** `mean [low, high]` */
export const withInterval = (interval: Interval | undefined, digits: number): string => {
  if (interval === undefined) return '';
  const [mean, low, high] = [interval.mean, interval.low, interval.high].map((x) => x.toFixed(digits));
  return Number.isFinite(interval.high) ? `${mean} [${low}, ${high}]` : `${mean}`;
};

/** A table in Markdown, its columns aligned. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};
