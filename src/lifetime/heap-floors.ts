/** What the heap still held after a major collection. */
export interface HeapFloor {
  /** On the monotonic clock. */
  readonly atMs: number;
  /** Old objects, without code. */
  readonly bytes: number;
  readonly codeBytes: number;
}

const kept = 128;

/**
 * What is left of the heap after major collections, in constant memory: what lives, without the garbage in between. Of
 * collections that come closer together than a window the lowest counts, so that a busy heap does not push out its past.
 */
export class HeapFloors {
  /** The last 128, oldest first. */
  readonly recent: HeapFloor[] = [];
  /** The whole life in at most 128, oldest first: where they would be more, the lower one of neighbours is kept. */
  readonly whole: HeapFloor[] = [];
  /** Major collections that were told. */
  majors = 0;
  readonly #windowMs: number;
  /** How many windows one entry of the whole life stands for, and how many its last one has seen. */
  #stride = 1;
  #inLast = 0;
  #windowEndsMs = -Infinity;

  /** @param windowMs one floor in this time at most */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(floor: HeapFloor): void {
    this.majors++;
    if (floor.atMs < this.#windowEndsMs) {
      lowerLast(this.recent, floor);
      lowerLast(this.whole, floor);
      return;
    }
    this.#windowEndsMs = floor.atMs + this.#windowMs;
    if (this.recent.length >= kept) this.recent.shift();
    this.recent.push(floor);
    this.#addToWhole(floor);
  }

  #addToWhole(floor: HeapFloor): void {
    if (this.#inLast > 0 && this.#inLast < this.#stride) {
      lowerLast(this.whole, floor);
      this.#inLast++;
      return;
    }
    if (this.whole.length >= kept) {
      this.whole.splice(0, kept, ...lowerOfPairs(this.whole));
      this.#stride *= 2;
    }
    this.whole.push(floor);
    this.#inLast = 1;
  }
}

function lowerLast(floors: HeapFloor[], floor: HeapFloor): void {
  const last = floors.at(-1);
  if (last !== undefined && floor.bytes < last.bytes) floors[floors.length - 1] = floor;
}

function lowerOfPairs(floors: readonly HeapFloor[]): HeapFloor[] {
  const lower: HeapFloor[] = [];
  for (let i = 0; i < floors.length; i += 2) {
    const [a, b] = [floors[i], floors[i + 1]];
    if (a !== undefined) lower.push(b !== undefined && b.bytes < a.bytes ? b : a);
  }
  return lower;
}
