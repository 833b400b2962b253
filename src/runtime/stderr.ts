import { fs } from './builtins.ts';

// Node's own, taken before the app can replace it by a file system of its own
const { writeSync } = fs;

/**
 * Writes lines to descriptor 2 itself: `process.stderr` would be made by looking at it, and the app may have replaced
 * its `write`. What a full or closed pipe does not take is dropped.
 */
export function writeToStderr(text: string): void {
  try {
    writeSync(2, text.endsWith('\n') ? text : `${text}\n`);
  } catch {
    // nobody reads: then nobody is told
  }
}
