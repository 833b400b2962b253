import type { Finding } from '../../../src/detect/finding.ts';

/** A finding as the docket tells it, for texts. */
export const findingOf = (more: Partial<Finding> = {}): Finding => ({
  id: '9f0c7a1d2b3e4f50',
  type: 'unreleased_stream',
  detector: 'outlived',
  certainty: 'likely',
  severity: 'warning',
  state: 'raised',
  kind: 'stream',
  resourceType: 'fs.WriteStream',
  site: null,
  scopeName: 'POST /v1/chat/completions',
  count: 17,
  opened: 40,
  bytes: 3_100_000,
  oldestAgeMs: 48 * 60_000,
  rate: { value: 21.3, low: 12.2, high: 34.1 },
  pattern: undefined,
  trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceFlags: 1 },
  advice: 'call `stream.destroy()` when its request closes',
  retainedBy: undefined,
  place: { file: 'src/transcript.mjs', line: 14, column: 22, fn: 'openTranscript', text: '' },
  stack: undefined,
  firstSeenMs: Date.UTC(2026, 10, 21, 2, 14, 7),
  lastSeenMs: Date.UTC(2026, 10, 21, 2, 14, 7),
  ...more,
});
