import { LRUCache } from 'lru-cache';
import type { ScanCost } from './scan-cost.js';

/** Kinds of queries whose pace is remembered. */
const MAX_KINDS = 500;
/** What one more measurement weighs against those before. */
const NEWEST = 0.3;
/** A machine is so many times as fast or as slow as the one that the costs were measured on, not more. */
const MOST = 8;

/** Estimates how long exact answers take, and learns from those that were computed. */
export class Pace {
  /** By kind: how many times as long as reckoned. */
  readonly #factors = new LRUCache<string, number>({ max: MAX_KINDS });
  /** The same over all kinds, for those that were not met yet. */
  #factor = 1;
  readonly #threads: number;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Milliseconds that scans of so many rows will take. */
  expectedMs(cost: ScanCost, rows: number): number {
    return this.#reckonedMs(cost, rows) * (this.#factors.get(cost.kind) ?? this.#factor);
  }

  /** Takes in what they took. */
  learn(cost: ScanCost, rows: number, tookMs: number): void {
    const reckoned = this.#reckonedMs(cost, rows);
    // Of small tables it is the way to the threads that takes the time.
    if (reckoned < LEAST_MS) return;
    const factor = Math.min(MOST, Math.max(1 / MOST, tookMs / reckoned));
    const before = this.#factors.get(cost.kind);
    this.#factors.set(cost.kind, before === undefined ? factor : mixed(before, factor));
    this.#factor = mixed(this.#factor, factor);
  }

  #reckonedMs({ nsPerRow }: ScanCost, rows: number): number {
    return (nsPerRow * rows) / this.#threads / 1e6;
  }
}

const LEAST_MS = 5;

function mixed(before: number, now: number): number {
  return before + NEWEST * (now - before);
}
