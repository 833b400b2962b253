/**
 * What the clients of one type were seen to hold when they were ended: of a sample, how many were connected, and their
 * sockets together.
 */
export class Connected {
  looks = 0;
  connected = 0;
  sockets = 0;

  /** @param used whether it was at work even where no socket of it was found */
  note(sockets: number, used: boolean): void {
    this.looks++;
    this.sockets += sockets;
    if (sockets > 0 || used) this.connected++;
  }

  get share(): number {
    return this.looks === 0 ? 0 : this.connected / this.looks;
  }

  get socketsEach(): number {
    return this.looks === 0 ? 0 : this.sockets / this.looks;
  }
}
