/** The findings the gateway told of over OTLP, each in its last state. */
export class FindingBoard {
  #findings = new Map();
  #elapsedMs;

  /** `elapsedMs` tells how long the load has been on. */
  constructor(elapsedMs) {
    this.#elapsedMs = elapsedMs;
  }

  /** Takes one log record as the receiver hands it on; what is no finding is left alone. */
  take({ eventName, attributes }) {
    if (eventName !== 'outlive.finding') return;
    const id = attributes['outlive.finding.id'];
    const afterS = this.#findings.get(id)?.afterS ?? this.#elapsedMs() / 1000;
    this.#findings.set(id, {
      id,
      afterS,
      type: attributes['outlive.finding.type'],
      state: attributes['outlive.finding.state'],
      partOf: attributes['outlive.finding.part_of'],
      certainty: attributes['outlive.finding.certainty'],
      severity: attributes['outlive.finding.severity'],
      count: attributes['outlive.finding.count'],
      resource: attributes['outlive.resource.type'],
      scope: attributes['outlive.scope.name'],
      file: attributes['code.file.path'],
      line: attributes['code.line.number'],
      fn: attributes['code.function.name'],
    });
  }

  /** What stands and asks to be acted on. */
  get standing() {
    return this.#pressing.filter(({ state }) => state === 'raised' || state === 'updated');
  }

  /** What was said and stands no more: `retracted` for wrong, `resolved` for over, or for being `partOf` another. */
  get closed() {
    return this.#pressing.filter(({ state }) => state === 'retracted' || state === 'resolved');
  }

  /** Above `info`, which tells of costs. */
  get #pressing() {
    return [...this.#findings.values()].filter(({ severity }) => severity !== 'info');
  }
}
