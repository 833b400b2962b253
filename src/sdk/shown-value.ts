const longestShown = 40;
/** What a key or token looks like: 16 and more of its characters in a row, a digit among them. */
const secretive = /(?=[A-Za-z_\-+/=]*\d)[\w\-+/=]{16,}|:\/\/[^\s/]*@/;

/** A value as a message may show it: short, printable, without anything that looks like a secret. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `${shownText(value)} (string)`;
    case 'number':
    case 'boolean':
      return `\`${value}\` (${typeof value})`;
    case 'object':
      if (value === null) return '`null`';
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
    default:
      return `\`${typeof value}\``;
  }
}

/** A text or a name, the same way. */
export function shownText(text: string): string {
  if (text.length > longestShown || secretive.test(text)) return `a text of ${text.length} characters`;
  return `\`${text.replaceAll(unprintable(), '?')}\``;
}

/** Not as a literal: V8 looks into those of a file that it loads, and this one takes it 3 million instructions. */
const unprintable = (): RegExp => new RegExp('[\\p{C}`]', 'gu');
