/**
 * The names that leave the process beside those of the metrics (`metric-table.ts`): the public surface that dashboards,
 * alert rules and other people's queries rest on. Add to them; change one only with a changelog entry.
 */

/** The instrumentation scope of all of it. */
export const scopeName = 'outlive';

export const findingEventName = 'outlive.finding';

/** What stands for the names beyond a cap. */
export const otherName = 'other';

/** What stands for all groups of hooks, or all kinds, where one thing is true of all of them. */
export const allName = 'all';

export const attribute = {
  kind: 'outlive.resource.kind',
  end: 'outlive.resource.end',
  resourceType: 'outlive.resource.type',
  scopeName: 'outlive.scope.name',
  queueName: 'outlive.queue.name',
  findingId: 'outlive.finding.id',
  findingType: 'outlive.finding.type',
  findingDetector: 'outlive.finding.detector',
  findingCertainty: 'outlive.finding.certainty',
  findingSeverity: 'outlive.finding.severity',
  findingState: 'outlive.finding.state',
  findingCount: 'outlive.finding.count',
  findingBytes: 'outlive.finding.bytes',
  findingSockets: 'outlive.finding.sockets',
  findingAge: 'outlive.finding.age',
  findingRateValue: 'outlive.finding.rate.value',
  findingRateLow: 'outlive.finding.rate.low',
  findingRateHigh: 'outlive.finding.rate.high',
  findingPattern: 'outlive.finding.pattern',
  findingAdvice: 'outlive.finding.advice',
  findingRetainedBy: 'outlive.finding.retained_by',
  findingPartOf: 'outlive.finding.part_of',
  findingClosedAs: 'outlive.finding.closed_as',
  limitSource: 'outlive.memory.limit.source',
  hookGroup: 'outlive.self.hook_group',
  phase: 'outlive.self.phase',
  dropReason: 'outlive.self.drop.reason',
  filePath: 'code.file.path',
  lineNumber: 'code.line.number',
  columnNumber: 'code.column.number',
  functionName: 'code.function.name',
  stacktrace: 'code.stacktrace',
  heapSpace: 'v8js.heap.space.name',
  gcType: 'v8js.gc.type',
  activeResource: 'v8js.resource.type',
  eventLoopState: 'nodejs.eventloop.state',
  cpuMode: 'cpu.mode',
  requestMethod: 'http.request.method',
  responseStatus: 'http.response.status_code',
  route: 'http.route',
  urlScheme: 'url.scheme',
  errorType: 'error.type',
  poolName: 'db.client.connection.pool.name',
  poolState: 'db.client.connection.state',
} as const;

/** The value of `v8js.heap.space.name` that stands for the resident memory of the process in `outlive.memory.fragmentation`. */
export const residentSpaceName = 'rss';
