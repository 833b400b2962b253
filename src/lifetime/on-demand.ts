/** A look that costs too much to be taken always: a hook offers it, a detector asks for it, and it is there only so long. */
export class OnDemand {
  #begin: (() => () => void) | undefined;
  #end: (() => void) | undefined;

  get underWay(): boolean {
    return this.#end !== undefined;
  }

  /** @param begin starts looking and answers how to stop; called each time it is wanted anew */
  offer(begin: () => () => void): () => void {
    this.#begin = begin;
    return () => {
      if (this.#begin !== begin) return;
      this.want(false);
      this.#begin = undefined;
    };
  }

  want(wanted: boolean): void {
    if (wanted) {
      this.#end ??= this.#begin?.();
      return;
    }
    this.#end?.();
    this.#end = undefined;
  }
}
