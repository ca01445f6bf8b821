import { closeSync, fsyncSync, openSync, readSync, writevSync } from 'node:fs';

const COPY_BYTES = 16 * 1024 * 1024;

/** A file that is written at a position of one's own choice. */
export class OutputFile {
  readonly #fd: number;
  at = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'wx+', 0o600);
  }

  /** Writes all parts at `at`, and moves it behind them. */
  write(parts: readonly Uint8Array[]): void {
    // The system takes at most 1,024 parts and about 2 GiB at once, and may take fewer than offered.
    let pending = parts.filter((part) => part.length > 0);
    while (pending.length > 0) {
      const offered: Uint8Array[] = [];
      let bytes = 0;
      for (const part of pending.slice(0, 512)) {
        if (bytes >= 2 ** 30) break;
        offered.push(part.subarray(0, 2 ** 30 - bytes));
        bytes += offered.at(-1)!.length;
      }
      let written = writevSync(this.#fd, offered, this.at);
      this.at += written;
      pending = pending.flatMap((part) => {
        const gone = Math.min(written, part.length);
        written -= gone;
        return gone < part.length ? [part.subarray(gone)] : [];
      });
    }
  }

  /** Copies a stretch of another file to `at`, and moves it behind that. */
  copy(from: OutputFile, start: number, end: number): void {
    const buffer = new Uint8Array(Math.min(COPY_BYTES, end - start));
    for (let done = start; done < end;) {
      const length = Math.min(buffer.length, end - done);
      const read = readSync(from.#fd, buffer, 0, length, done);
      this.write([buffer.subarray(0, read)]);
      done += read;
    }
  }

  /** Makes sure that everything is on the disk. */
  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }

  abandon(): void {
    closeSync(this.#fd);
  }
}
