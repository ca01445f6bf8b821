import { existsSync, readFileSync } from 'node:fs';
import { wasm } from '../../../workers/kernels/webassembly.js';
import { MAX_COLUMNS } from '../limits.js';
import type { CsvDialect } from './dialect.js';

/**
 * What the values of a column must look like that DuckDB would not hold them to; numbers as in `kernel/scan.ts`.
 * The longer kinds of times are with a day.
 */
export const VALUE_RULES = {
  none: 0, whole: 1, truth: 2, day: 3, clock: 4, stamp: 5, nanos: 6, instant: 7,
} as const; // prettier-ignore
export type ValueRule = (typeof VALUE_RULES)[keyof typeof VALUE_RULES];

/** Why a scan ended: at the end of the bytes, in front of an odd record, in front of a value that breaks its rule. */
export const SCAN_END = { done: 0, odd: 1, value: 2 } as const;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly RULES: { readonly value: number };
  readonly INPUT: { readonly value: number };
  readonly consumed: { readonly value: number };
  readonly records: { readonly value: number };
  readonly lines: { readonly value: number };
  readonly returns: { readonly value: number };
  readonly column: { readonly value: number };
  scan(
    from: number, to: number, delimiter: number, quote: number, newline: number, width: number, checked: number,
  ): number; // prettier-ignore
}

/** The compiled kernel with its own memory: the bytes to scan are read straight into `input`. */
export class ScanKernel {
  readonly input: Uint8Array;
  /** Bytes of `input` up to the end of the last record that was counted; records, newlines, and carriage returns outside quotes up to there. */
  consumed = 0;
  records = 0;
  lines = 0;
  returns = 0;
  /** The column of the value that broke its rule. */
  column = 0;
  readonly #exports: Exports;
  readonly #rules: Uint8Array;

  constructor(code: Uint8Array, inputBytes: number) {
    const instance = new wasm.Instance(new wasm.Module(code), { env: { abort: () => {} } });
    this.#exports = instance.exports as Exports;
    const { memory, INPUT, RULES } = this.#exports;
    // A block is read whole where it is not: 64 bytes more.
    const missing = INPUT.value + inputBytes + 64 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    this.input = new Uint8Array(memory.buffer, INPUT.value, inputBytes);
    this.#rules = new Uint8Array(memory.buffer, RULES.value, MAX_COLUMNS);
  }

  setRules(rules: readonly ValueRule[]): void {
    this.#rules.fill(VALUE_RULES.none);
    this.#rules.set(rules);
  }

  /** Scans `input[from, to)`, which begins with a record. */
  scan(from: number, to: number, dialect: CsvDialect, width: number, checked: boolean): number {
    const base = this.#exports.INPUT.value;
    const ended = this.#exports.scan(
      base + from,
      base + to,
      dialect.delimiter.charCodeAt(0),
      dialect.quote === '' ? 256 : dialect.quote.charCodeAt(0),
      dialect.newline === 'cr' ? 13 : 10,
      width,
      checked ? 1 : 0,
    );
    this.consumed = this.#exports.consumed.value - base;
    this.records = this.#exports.records.value;
    this.lines = this.#exports.lines.value;
    this.returns = this.#exports.returns.value;
    this.column = this.#exports.column.value;
    return ended;
  }
}

/**
 * The kernel as it was built. Throws where it is missing: its plain twin counts the same records, but holds no value to
 * its rule, so that `1.5` in a column of integers would be read as 2.
 */
export function loadScanKernel(inputBytes: number): ScanKernel {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/server/loader/csv/scan.wasm', import.meta.url)
    : new URL('scan.wasm', import.meta.url);
  if (!existsSync(built)) {
    throw new Error(`${built.pathname} is missing: run "npm run build".`);
  }
  return new ScanKernel(readFileSync(built), inputBytes);
}
