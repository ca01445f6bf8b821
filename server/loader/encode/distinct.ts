/** One slot in 8 is used at most: probes stay short for any values. */
const SLOTS_PER_VALUE = 8;

/**
 * Counts distinct 64-bit values, given as two words, as long as there are at most `limit` of them; that is all a
 * dropdown needs to know, and it costs columns with more of them next to nothing.
 */
export class DistinctCounter {
  readonly #limit: number;
  readonly #mask: number;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  readonly #used: Uint8Array;
  #count = 0;
  #overflown = false;

  constructor(limit: number) {
    this.#limit = limit;
    const slots = 2 ** Math.ceil(Math.log2((limit + 1) * SLOTS_PER_VALUE));
    this.#mask = slots - 1;
    this.#low = new Int32Array(slots);
    this.#high = new Int32Array(slots);
    this.#used = new Uint8Array(slots);
  }

  /** The exact number, or undefined where it is above the limit. */
  get count(): number | undefined {
    return this.#overflown ? undefined : this.#count;
  }

  get overflown(): boolean {
    return this.#overflown;
  }

  /** The values so far, two words each; null where there were too many. */
  get state(): Int32Array | null {
    if (this.#overflown) return null;
    const words = new Int32Array(this.#count * 2);
    let at = 0;
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (this.#used[slot] === 0) continue;
      words[at++] = this.#low[slot]!;
      words[at++] = this.#high[slot]!;
    }
    return words;
  }

  /** Goes on from the `state` of another counter of the same limit. */
  resume(state: Int32Array | null): void {
    if (state === null) this.giveUp();
    else for (let at = 0; at < state.length; at += 2) this.add(state[at]!, state[at + 1]!);
  }

  giveUp(): void {
    this.#overflown = true;
  }

  add(low: number, high: number): void {
    let slot = Math.imul(Math.imul(low, 0x85ebca6b) ^ high, 0xc2b2ae35);
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    while (this.#used[slot] === 1) {
      if (this.#low[slot] === low && this.#high[slot] === high) return;
      slot = (slot + 1) & this.#mask;
    }
    if (this.#count === this.#limit) {
      this.#overflown = true;
      return;
    }
    this.#used[slot] = 1;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#count++;
  }
}
