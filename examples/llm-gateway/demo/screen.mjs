import { clearLine, cursorTo } from 'node:readline';

/** Lines that stay, and one that is drawn over: on a terminal it moves, elsewhere it is said every five seconds. */
export class Screen {
  #out;
  #status = '';
  #saidMs = 0;

  constructor(out) {
    this.#out = out;
  }

  line(text = '') {
    this.#erase();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** Shows how it stands; elsewhere than on a terminal only if the last word is five seconds old. */
  status(text) {
    if (this.#out.isTTY) {
      this.#erase();
      this.#status = text.slice(0, (this.#out.columns ?? 80) - 1);
      this.#draw();
    } else if (Date.now() - this.#saidMs >= 4_950) {
      this.#saidMs = Date.now();
      this.#out.write(`${text}\n`);
    }
  }

  endStatus() {
    this.#erase();
    this.#status = '';
  }

  #erase() {
    if (!this.#status) return;
    clearLine(this.#out, 0);
    cursorTo(this.#out, 0);
  }

  #draw() {
    if (this.#status) this.#out.write(this.#status);
  }
}
