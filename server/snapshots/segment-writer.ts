import type { EncodedColumn } from './encoded-column.js';
import type { ManifestSegment } from './manifest.js';
import { SegmentFile, type SegmentOptions } from './segment-file.js';

/**
 * Writes the batches of a snapshot into segments: standard Arrow IPC files, uncompressed, every buffer 64-byte aligned
 * and with a CRC-32 in the manifest. Width belongs to the segment: a column whose storage changes closes the segment
 * and opens the next. Synchronous: it runs on the encoding thread of a loader child.
 */
export class SegmentWriter {
  readonly #options: SegmentOptions;
  readonly #segments: ManifestSegment[] = [];
  #open: SegmentFile | undefined;

  constructor(options: SegmentOptions) {
    this.#options = options;
  }

  /** Appends one batch: a column each, in the order of the snapshot's columns, all of `rows` rows. */
  append(rows: number, columns: readonly EncodedColumn[]): void {
    if (this.#open !== undefined && !this.#open.fits(columns)) this.#close();
    const { firstSegment = 0 } = this.#options;
    const index = firstSegment + this.#segments.length;
    this.#open ??= new SegmentFile(this.#options, index, columns);
    this.#open.append(rows, columns);
  }

  /** Closes the last segment and gives them all. A snapshot without rows has no segment. */
  finish(): ManifestSegment[] {
    this.#close();
    return this.#segments;
  }

  /** Lets go of the open file after a failure; what was written is the caller's to delete. */
  abandon(): void {
    this.#open?.abandon();
    this.#open = undefined;
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#segments.push(this.#open.finish());
    this.#open = undefined;
  }
}
