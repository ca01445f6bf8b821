import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import { buffersOf } from '../../../workers/buffers-of.js';
import type { MarkPlan } from '../../../workers/marks/index.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import type { Account } from '../../memory/account.js';
import { keepInAccount } from '../../memory/keep-in-account.js';
import type { Manifest } from '../../snapshots/manifest.js';
import type { ColumnScope } from '../columns.js';
import { plannedScratch } from '../planned-scratch.js';
import { addingOf } from './adding.js';
import { partialsKey } from './partials-key.js';

/** What the first batches of a snapshot come to. */
export interface Partials {
  /** So many batches. */
  batches: number;
  /** In row order; never to be moved to another thread. */
  parts: readonly unknown[];
  /** Rows of them that pass the filters. */
  matched: number;
}

/** What is kept of one scan, and where what it finds is kept. */
export interface PartialsOfScan {
  before: Partials | undefined;
  keep(parts: readonly unknown[], matched: number): void;
}

/** Finds what is kept of a scan; undefined where nothing is to be. */
export type FindPartials = (plan: MarkPlan) => PartialsOfScan | undefined;

interface Kept extends Partials {
  /** The segments that they are of, by who wrote them. */
  segments: readonly string[];
}

/** A few kilobytes each, but for those of pictures. */
const MAX_BYTES = 64 * 2 ** 20;
/** A larger one is not worth its copies. */
const MAX_ENTRY_BYTES = 8 * 2 ** 20;
/** Every append adds one. With more of them all rows are scanned anew, into few; those that add up in order would be as many again. */
const MAX_PARTS = 32;
/** Beside its arrays. */
const ENTRY_BYTES = 1024;

/**
 * Keeps what scans of a table that grows have added up, by what they add up and the segments that it is of. After an append only
 * the new segments are scanned. Nothing is kept of a snapshot that is no append: most tables never grow.
 */
export class KeptPartials {
  readonly #leastRows: number;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: MAX_BYTES,
    maxEntrySize: MAX_ENTRY_BYTES,
    sizeCalculation: ({ parts }) =>
      buffersOf(parts).reduce((sum, { byteLength }) => sum + byteLength, ENTRY_BYTES),
  });
  readonly #account: Account | undefined;

  /** Tables of fewer rows are scanned. */
  constructor(leastRows: number, account: Account | undefined) {
    this.#leastRows = leastRows;
    this.#account = account;
    if (account !== undefined) keepInAccount(account, this.#kept);
  }

  /** Undefined where nothing is kept of the snapshot. */
  of(scope: ColumnScope, predicate: Predicate | null): FindPartials | undefined {
    const { dir, manifest } = scope.snapshot;
    if (manifest.appendedTo === undefined || manifest.rows < this.#leastRows) return undefined;
    return (plan) => {
      const adding = addingOf(plan);
      if (adding === undefined || plannedScratch(plan, 1) > 0) return undefined;
      const most = adding === 'in order' ? Infinity : MAX_PARTS;
      const columns = scope.used.map(({ name }) => name);
      const key = `${dirname(dir)}/${partialsKey(plan, predicate, columns)}`;
      const segments = namesOf(manifest);
      const found = this.#kept.get(key);
      const isUsable = found !== undefined && beginsWith(segments, found.segments);
      return {
        before: isUsable && found.parts.length < most ? found : undefined,
        keep: (parts, matched) => {
          const newest = this.#kept.peek(key);
          // A reader of an older snapshot takes nothing from those of the newest.
          if (newest !== undefined && isLonger(newest.segments, segments)) return;
          const batches = scope.batchRows.length;
          this.#kept.set(key, { segments, batches, parts: structuredClone(parts), matched });
          this.#account?.settle();
        },
      };
    };
  }
}

function namesOf({ id, segments }: Manifest): string[] {
  return segments.map(({ writtenBy, file }) => `${writtenBy ?? id}/${file}`);
}

function beginsWith(all: readonly string[], first: readonly string[]): boolean {
  return first.length <= all.length && first.every((name, i) => name === all[i]);
}

function isLonger(kept: readonly string[], own: readonly string[]): boolean {
  return kept.length > own.length && beginsWith(kept, own);
}
