/** Server-sent events on a raw response. */
export class EventStream {
  #response;

  constructor(response) {
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
  }

  /** Whether there is nobody left to write to. */
  get closed() {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  send(data) {
    this.#response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }

  comment(text) {
    this.#response.write(`: ${text}\n\n`);
  }

  end() {
    this.#response.end();
  }
}
