import type { Span } from '../../workers/columns.js';
import { Account } from './account.js';

/** Memory is handed out in runs of whole pages: small enough for a bitmap of 2^20 rows, large enough to keep the search short. */
const PAGE_BYTES = 64 * 1024;

/** Buffers are as large as this, and touched page by page: what no run has reached yet costs no memory. */
const SLAB_BYTES = 1024 * 1024 * 1024;

export interface SlabsOptions {
  /** The most bytes that are ever allocated. */
  budgetBytes: number;
  slabBytes?: number;
  /** Where pages are booked when they are first used. */
  account?: Account;
}

interface Slab {
  buffer: SharedArrayBuffer;
  /** One entry a page, 1 where it is taken. */
  taken: Uint8Array;
  free: number;
  /** Pages that were ever handed out: the first ones, as the lowest free run is taken. */
  touched: number;
}

/**
 * Shared memory up to a budget, handed out in contiguous runs and used again after they are freed. It is never given
 * back: SharedArrayBuffers that nobody refers to are not collected in time (240 MB of them grew to 4.9 GB).
 */
export class Slabs {
  readonly budgetBytes: number;
  /** All slabs so far: a span names its slab by the position here. */
  readonly buffers: SharedArrayBuffer[] = [];
  readonly #slabBytes: number;
  readonly #slabs: Slab[] = [];
  #allocatedBytes = 0;
  readonly #account: Account;
  #usedPages = 0;

  constructor({ budgetBytes, slabBytes = SLAB_BYTES, account }: SlabsOptions) {
    this.budgetBytes = Math.floor(budgetBytes / PAGE_BYTES) * PAGE_BYTES;
    this.#account = account ?? new Account({ limitBytes: this.budgetBytes });
    this.#slabBytes = Math.min(slabBytes, this.budgetBytes);
  }

  get usedBytes(): number {
    return this.#usedPages * PAGE_BYTES;
  }

  /** Bytes that a run of `bytes` bytes takes: whole pages. */
  roundUp(bytes: number): number {
    return Math.max(1, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
  }

  /** The lowest free run of at least `bytes` bytes; undefined where there is none within the budget. */
  allocate(bytes: number): Span | undefined {
    const pages = this.roundUp(bytes) / PAGE_BYTES;
    for (const [slab, { taken, free }] of this.#slabs.entries()) {
      if (free < pages) continue;
      const first = findRun(taken, pages);
      if (first >= 0 && this.#touch(slab, first + pages)) return this.#take(slab, first, pages);
    }
    if (!this.#account.hasRoom(this.#account.touchedBytes + pages * PAGE_BYTES)) return undefined;
    const slab = this.#grow(pages);
    if (slab === undefined || !this.#touch(slab, pages)) return undefined;
    return this.#take(slab, 0, pages);
  }

  /** Gives a run back. Its bytes stay what they are until they are handed out again. */
  free({ slab, offset, length }: Span): void {
    const pages = length / PAGE_BYTES;
    const first = offset / PAGE_BYTES;
    const { taken } = this.#slabs[slab]!;
    for (let page = first; page < first + pages; page++) {
      if (taken[page] === 0) throw new Error(`Expected page ${page} of slab ${slab} to be taken.`);
      taken[page] = 0;
    }
    this.#slabs[slab]!.free += pages;
    this.#usedPages -= pages;
  }

  /** Books what is new of a slab's first pages, up to `end`; false where the account has no room. */
  #touch(slab: number, end: number): boolean {
    const one = this.#slabs[slab]!;
    if (end <= one.touched) return true;
    if (!this.#account.touch((end - one.touched) * PAGE_BYTES)) return false;
    one.touched = end;
    return true;
  }

  #take(slab: number, first: number, pages: number): Span {
    this.#slabs[slab]!.taken.fill(1, first, first + pages);
    this.#slabs[slab]!.free -= pages;
    this.#usedPages += pages;
    return { slab, offset: first * PAGE_BYTES, length: pages * PAGE_BYTES };
  }

  #grow(pages: number): number | undefined {
    const left = this.budgetBytes - this.#allocatedBytes;
    const bytes = Math.min(left, Math.max(this.#slabBytes, pages * PAGE_BYTES));
    if (bytes < pages * PAGE_BYTES) return undefined;
    const buffer = new SharedArrayBuffer(bytes);
    this.#allocatedBytes += bytes;
    this.buffers.push(buffer);
    this.#slabs.push({
      buffer,
      taken: new Uint8Array(bytes / PAGE_BYTES),
      free: bytes / PAGE_BYTES,
      touched: 0,
    });
    return this.#slabs.length - 1;
  }
}

/** The first of `pages` free pages in a row, or -1. */
function findRun(taken: Uint8Array, pages: number): number {
  let first = taken.indexOf(0);
  while (first >= 0 && first + pages <= taken.length) {
    const end = taken.indexOf(1, first);
    if (end < 0 || end - first >= pages) return first;
    first = taken.indexOf(0, end);
  }
  return -1;
}
