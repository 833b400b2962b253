import type { DetectorName, FindingType } from '../detect/finding.ts';
import type { Kind } from '../lifetime/kind.ts';

/** What things of a kind are called, one and many. */
export const nounOf: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  'http.request': ['request', 'requests'],
  'http.connection': ['connection', 'connections'],
  'http.response_body': ['response body', 'response bodies'],
  stream: ['stream', 'streams'],
  web_stream: ['web stream', 'web streams'],
  generator: ['generator', 'generators'],
  queue: ['item', 'items'],
  collection: ['entry', 'entries'],
  task: ['task', 'tasks'],
  timer: ['timer', 'timers'],
  listener: ['listener', 'listeners'],
  client: ['client', 'clients'],
  lease: ['lease', 'leases'],
  socket: ['socket', 'sockets'],
  file: ['file handle', 'file handles'],
  worker: ['worker', 'workers'],
  process: ['child process', 'child processes'],
  context: ['piece of work', 'pieces of work'],
  heap: ['object', 'objects'],
};

/** What did not happen to the things a finding counts; `undefined` where it is about cost or memory. */
export const neverOf: Readonly<Record<FindingType, string | undefined>> = {
  unreleased_stream: 'never released',
  abandoned_generator: 'never finished',
  growing_queue: 'never taken out',
  growing_collection: 'never deleted',
  leaked_client: 'never closed',
  client_churn: undefined,
  client_sockets: undefined,
  unreleased_lease: 'never given back',
  lingering_timer: 'never cleared',
  lingering_listener: 'never taken off',
  pending_task: 'never settled',
  unclosed_handle: 'never closed',
  heap_growth: undefined,
  memory_limit: undefined,
  gc_pressure: undefined,
  fragmentation: undefined,
};

/** How the detector knows. */
export const becauseOf: Readonly<Record<DetectorName, string>> = {
  abandoned: ', and collected as garbage in that state',
  outlived: ', though the work that opened them is over',
  overdue: ', for longer than their limit',
  survival: ', long after the time that others take',
  growth: ', and ever more of them',
  threshold: '',
};

const costTypes: ReadonlySet<FindingType> = new Set<FindingType>(['client_churn', 'client_sockets']);

/** What a finding speaks of. */
export const sortOf = (type: FindingType): 'leak' | 'cost' | 'memory' =>
  costTypes.has(type) ? 'cost' : neverOf[type] === undefined ? 'memory' : 'leak';

const measuredKinds: ReadonlySet<Kind> = new Set<Kind>(['queue', 'collection', 'listener', 'heap']);

/** Why a finding of this kind was said in error. */
export const takenBackOf = (kind: Kind): string =>
  measuredKinds.has(kind) ? 'it has levelled off' : 'what it counted has ended after all or is in use';

/** What is wrong with memory, after "memory". */
export const memoryTextOf: Partial<Readonly<Record<FindingType, string>>> = {
  heap_growth: 'what survives garbage collection grows',
  memory_limit: 'it nears its limit, or is far above what it was',
  gc_pressure: 'garbage collection takes too much of the time',
  fragmentation: 'more is held than is used',
};
