import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** The recording of one streamed answer, a line a delta, for the tenant's own replays. */
export function openTranscript(dir, id) {
  return createWriteStream(join(dir, `${id}.jsonl`)); // leak: streams
}
