import { existsSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';
import { parquetFile, type WriteParquet } from '../frames/parquet-file.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { copyOf, writeCopy } from '../snapshots/pulled-copy.js';

/** Writes `data.parquet` beside pulled snapshots, behind everything that somebody waits for. */
export interface PulledCopies {
  /**
   * Has a snapshot copied once those before it are. Of those of one dataset that wait the newest alone is, and none whose
   * rows were appended to another's: all of them would be written each time.
   */
  add(snapshot: Snapshot): void;
  /** Breaks off what is being written. */
  close(): Promise<void>;
}

export interface PulledCopiesOptions {
  rows: Engine['rows'];
  write: WriteParquet;
  mayWrite: () => boolean;
  /** Milliseconds. */
  now: () => number;
  /** Told why a copy could not be written, where the snapshot is there still. */
  report: (error: unknown, dataset: string) => void;
}

/** It rests so many times as long as it has worked: charts that are asked for meanwhile have the threads. */
const REST = 3;

export function createPulledCopies(options: PulledCopiesOptions): PulledCopies {
  const { rows, write, mayWrite, report } = options;
  const waiting = new Map<string, Snapshot>();
  const closing = new AbortController();
  const { signal } = closing;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (const [dataset, snapshot] of waiting) {
      waiting.delete(dataset);
      if (signal.aborted) return;
      if (!mayWrite() || (await copyOf(snapshot)) !== undefined) continue;
      try {
        const file = parquetFile(rows(snapshot, [], signal), write);
        await writeCopy(snapshot, paced(file, options.now, signal));
      } catch (error) {
        if (!signal.aborted && existsSync(snapshot.dir)) report(error, dataset);
      }
    }
  }

  function begin(): void {
    working ??= work().finally(() => {
      working = undefined;
      // What came after its last look.
      if (waiting.size > 0 && !signal.aborted) begin();
    });
  }

  return {
    add(snapshot) {
      if (snapshot.manifest.appendedTo !== undefined) return;
      waiting.set(snapshot.manifest.dataset, snapshot);
      begin();
    },
    async close() {
      closing.abort();
      await working;
    },
  };
}

async function* paced<T>(
  pieces: AsyncIterable<T>,
  now: () => number,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let started = now();
  for await (const piece of pieces) {
    const worked = now() - started;
    yield piece;
    await rest(worked * REST, undefined, { signal });
    started = now();
  }
}
