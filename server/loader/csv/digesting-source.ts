import { BlockDigest } from '../append/block-digest.js';
import type { ByteSource } from '../byte-source.js';

const GAP_BYTES = 256 * 1024;

/** A source that digests every byte once, in order, as they are read; what a reader leaves out is read for the digest alone. */
export class DigestingSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #digest = new BlockDigest();
  #done = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get name(): string {
    return this.#source.name;
  }

  get size(): number {
    return this.#source.size;
  }

  read(target: Uint8Array, position: number): number {
    const got = this.#source.read(target, position);
    this.#digestUntil(position);
    const fresh = this.#done - position;
    if (fresh < got) {
      this.#digest.update(target.subarray(fresh, got));
      this.#done = position + got;
    }
    return got;
  }

  /** Reads what is left, and gives the digest of all. */
  finish(): string {
    this.#digestUntil(this.size);
    return this.#digest.value;
  }

  #digestUntil(end: number): void {
    if (this.#done >= end) return;
    const bytes = new Uint8Array(GAP_BYTES);
    while (this.#done < end) {
      const got = this.#source.read(bytes.subarray(0, end - this.#done), this.#done);
      this.#digest.update(bytes.subarray(0, got));
      this.#done += got;
    }
  }
}
