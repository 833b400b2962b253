const thousands = /\B(?=(?:\d{3})+$)/g;

/** `1,204`; without `Intl`, whose first use takes a millisecond of the host. */
export const countText = (count: number): string => String(Math.round(count)).replaceAll(thousands, ',');

/** `1 stream`, `1,204 streams`. */
export const countedText = (count: number, [one, many]: readonly [string, string]): string =>
  `${countText(count)} ${Math.round(count) === 1 ? one : many}`;

/** Three digits at most say what a rate is: `0.42`, `21.3`, `1,230`. */
export function figureText(figure: number): string {
  if (!Number.isFinite(figure)) return '?';
  const size = Math.abs(figure);
  if (size >= 100) return countText(figure);
  return String(Number(figure.toPrecision(size >= 1 ? 3 : 2)));
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

/** `850 ms`, `4.2 s`, `48 s`, `4 min 12 s`, `48 min`, `3 h 20 min`, `5 d 3 h`. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${Number((ms / second).toFixed(1))} s`;
  if (ms < 59_500) return `${Math.round(ms / second)} s`;
  if (ms < 599_500) return pairText(ms, [minute, 'min'], [second, 's']);
  if (ms < 3_570_000) return `${Math.round(ms / minute)} min`;
  if (ms < 2 * day) return pairText(ms, [hour, 'h'], [minute, 'min']);
  return pairText(ms, [day, 'd'], [hour, 'h']);
}

type Unit = readonly [ms: number, name: string];

function pairText(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const smalls = Math.round(ms / small);
  const rest = smalls % (large / small);
  const whole = `${Math.floor(smalls / (large / small))} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

const byteUnits = ['kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `1.5 kB`, `3.1 MB`, `12 GB`: powers of 1,000. */
export function bytesText(bytes: number): string {
  if (!Number.isFinite(bytes)) return '?';
  if (Math.abs(bytes) < 999.5) return `${Math.round(bytes)} B`;
  let [value, at] = [bytes / 1000, 0];
  while (Math.abs(value) >= 999.5 && at < byteUnits.length - 1) [value, at] = [value / 1000, at + 1];
  return `${Number(Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0))} ${byteUnits[at] ?? 'TB'}`;
}

/** `2026-11-21 02:14:07 UTC`. */
export function timeText(wallMs: number): string {
  const time = new Date(wallMs);
  return Number.isNaN(time.getTime()) ? '?' : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
