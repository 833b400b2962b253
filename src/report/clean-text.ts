// escape sequences of terminals: `ESC [ … letter`, `ESC ] … BEL` and the like, `ESC letter`
const escapes =
  // oxlint-disable-next-line no-control-regex -- control characters are what they begin with
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_].*?(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-~]/gsu;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;

/**
 * A text of the app (a name, a line of source) as it may stand in one line on a terminal: without escape sequences,
 * control and direction characters and line breaks, at most `maxChars` long.
 */
export function cleanText(text: string, maxChars = 120): string {
  // a bound before the work: a name may be a whole payload
  const bounded = text.slice(0, 8 * maxChars);
  const clean = bounded.replaceAll(escapes, '').replaceAll(invisible, ' ').replaceAll(/ {2,}/g, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= maxChars ? clean : `${characters.slice(0, maxChars - 1).join('')}…`;
}
