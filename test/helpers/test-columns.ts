import type { Logical, Storage } from '../../workers/storage.js';
import type { Stored, TestColumn } from './memory-snapshot.js';

/** Whole numbers from 0 to 2^32 - 1 in an order that looks random and is the same every time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

type Make = (random: () => number) => Exclude<Stored, null>;

const WORDS = ['', 'a', 'air', 'Airport', 'ATL', 'Zürich', '東京', 'other', '🛫', 'null'];

const KINDS: Record<string, { storage: Storage; logical: Logical; make: Make }> = {
  int8: { storage: 'int8', logical: integer(8), make: (r) => (r() % 256) - 128 },
  int16: { storage: 'int16', logical: integer(16), make: (r) => (r() % 4001) - 2000 },
  int32: { storage: 'int32', logical: integer(32), make: (r) => r() | 0 },
  uint8: { storage: 'uint8', logical: integer(16), make: (r) => r() % 200 },
  uint32: { storage: 'uint32', logical: integer(64), make: (r) => r() },
  int64: {
    storage: 'int64',
    logical: integer(64),
    make: (r) => BigInt(r()) * 1_000_003n - 2n ** 50n,
  },
  big: { storage: 'int64', logical: integer(64), make: (r) => 2n ** 62n + BigInt(r() % 1000) },
  uint64: {
    storage: 'uint64',
    logical: { kind: 'integer', bits: 64, signed: false },
    make: (r) => 2n ** 63n + BigInt(r() % 5000),
  },
  huge: {
    storage: 'decimal128',
    logical: { kind: 'integer', bits: 128, signed: true },
    make: (r) => (BigInt(r() % 2001) - 1000n) * 10n ** 25n,
  },
  float32: {
    storage: 'float32',
    logical: { kind: 'float', bits: 32 },
    make: (r) => Math.fround((r() % 1000) / 8),
  },
  cents: {
    storage: 'float64',
    logical: { kind: 'float', bits: 64 },
    make: (r) => (r() % 10_000) / 100,
  },
  odd: { storage: 'float64', logical: { kind: 'float', bits: 64 }, make: odd },
  decimal: {
    storage: 'int32',
    logical: { kind: 'decimal', precision: 9, scale: 2 },
    make: (r) => (r() % 20_001) - 10_000,
  },
  decimal64: {
    storage: 'int64',
    logical: { kind: 'decimal', precision: 18, scale: 4 },
    make: (r) => BigInt(r()) * BigInt(r() % 200_000_000),
  },
  decimal128: {
    storage: 'decimal128',
    logical: { kind: 'decimal', precision: 38, scale: 10 },
    make: (r) => (BigInt(r()) - 2n ** 31n) * 10n ** 20n,
  },
  day: {
    storage: 'int32',
    logical: { kind: 'time', unit: 'day', zoned: false },
    make: (r) => r() % 20_000,
  },
  second: {
    storage: 'int64',
    logical: { kind: 'time', unit: 's', zoned: false },
    make: (r) => BigInt(r() % 2_000_000_000),
  },
  micro: {
    storage: 'int64',
    logical: { kind: 'time', unit: 'us', zoned: true },
    make: (r) => BigInt(r()) * 400_000n,
  },
  nano: {
    storage: 'int64',
    logical: { kind: 'time', unit: 'ns', zoned: false },
    make: (r) => BigInt(r()) * 400_000_001n,
  },
  clock: {
    storage: 'int64',
    logical: { kind: 'clock', unit: 'us' },
    make: (r) => BigInt(r() % 86_400) * 1_000_000n,
  },
  flag: { storage: 'bool', logical: { kind: 'boolean' }, make: (r) => r() % 2 },
  word: { storage: 'dict8', logical: { kind: 'text' }, make: (r) => WORDS[r() % WORDS.length]! },
  text: {
    storage: 'utf8',
    logical: { kind: 'text' },
    make: (r) => `${WORDS[r() % WORDS.length]!}${r() % 30}`,
  },
};

export type TestKind = keyof typeof KINDS;
export const TEST_KINDS = Object.keys(KINDS);
export const NUMBER_KINDS = TEST_KINDS.filter((kind) =>
  ['integer', 'float', 'decimal'].includes(KINDS[kind]!.logical.kind),
);
export const TIME_KINDS = TEST_KINDS.filter((kind) => KINDS[kind]!.logical.kind === 'time');

function integer(bits: 8 | 16 | 32 | 64): Logical {
  return { kind: 'integer', bits, signed: true };
}

function odd(random: () => number): number {
  const values = [NaN, Infinity, -Infinity, 0, -0, 5e-324, 2 ** 53 + 2, -1.5, 1e-3, 12.25, 100];
  const pick = random() % 20;
  return values[pick] ?? (random() % 1000) / 10;
}

/** A column of one kind; `nullEvery` rows one is null, 0 for none. */
export function testColumn(
  kind: string,
  rows: number,
  { seed = 1, nullEvery = 13 } = {},
): TestColumn {
  const { storage, logical, make } = KINDS[kind]!;
  const random = randomNumbers(seed * 7919 + kind.length);
  const values = Array.from({ length: rows }, (): Stored => {
    const isNull = nullEvery > 0 && random() % nullEvery === 0;
    return isNull ? null : make(random);
  });
  return { name: kind, storage, logical, values };
}

/** The double that a stored value stands for, or NaN. */
export function doubleOf({ logical, values }: TestColumn, row: number): number {
  const value = values[row];
  if (value === null || value === undefined) return NaN;
  // Through the decimal digits: independent of how the workers do it.
  if (logical.kind === 'decimal') return Number(`${String(value)}e-${logical.scale}`);
  return Number(value);
}
