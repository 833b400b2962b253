import { readFileSync } from 'node:fs';

/** What is planted where: the finding types it may be told as, its file, and the function at fault. */
const table = {
  streams: { types: ['unreleased_stream', 'unclosed_handle'], file: 'streaming/transcript.mjs', fn: 'openTranscript' },
  generators: { types: ['abandoned_generator'], file: 'streaming/stream-completion.mjs', fn: 'streamCompletion' },
  queue: { types: ['growing_queue'], file: 'billing/queue.mjs', fn: 'BillingQueue' },
  clients: { types: ['leaked_client'], file: 'providers/connections.mjs', fn: 'connectionsFor' },
  timers: { types: ['lingering_timer'], file: 'streaming/heartbeat.mjs', fn: 'startHeartbeat' },
  listeners: { types: ['lingering_listener'], file: 'streaming/call-signal.mjs', fn: 'withCallSignal' },
  tasks: { types: ['pending_task'], file: 'audit/audit-log.mjs', fn: 'record' },
};

/** The planted leaks of these names, each with the line its marker stands on today. */
export const plantedLeaks = (names) =>
  names.map((name) => ({ name, ...table[name], line: lineOf(name, table[name].file) }));

function lineOf(name, file) {
  const lines = readFileSync(new URL(`../gateway/${file}`, import.meta.url), 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(`// leak: ${name}`));
  if (index === -1) throw new Error(`No line of ${file} is marked \`// leak: ${name}\``);
  return index + 1;
}

/** Whether this finding names that leak: its type, its file, and its line (±1) or its function. */
export function isNamedBy(leak, finding) {
  if (!leak.types.includes(finding.type) || !finding.file?.endsWith(leak.file)) return false;
  return Math.abs(finding.line - leak.line) <= 1 || lastNameOf(finding.fn) === leak.fn;
}

/** `AuditLog.record`, `async record` → `record`; `new BillingQueue` → `BillingQueue`. */
const lastNameOf = (fn) => fn?.split(/[. ]/).at(-1);
