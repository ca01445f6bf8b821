import { describe, expect, test } from 'vitest';
import { logEdges } from '../../../protocol/cells.js';
import { Arena } from '../../../workers/kernels/arena.js';
import type { Kernels } from '../../../workers/kernels/kernels.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { logTable } from '../../../workers/kernels/log-table.js';
import { plainKernels } from '../../../workers/kernels/plain.js';
import { stepsOf } from '../../../workers/kernels/steps.js';
import type { NumberArray } from '../../../workers/scan/values.js';
import { randomNumbers } from '../../helpers/test-columns.js';

// Odd tails, whole vectors, whole blocks.
const SIZES = [0, 1, 2, 3, 5, 7, 8, 9, 63, 64, 65, 1000, 8191, 8192];
const arena = new Arena();
arena.reset();
const compiled = kernelsFor(arena);

/** Runs both kernels on inputs of their own and returns what each wrote. */
function both<T extends ArrayLike<unknown>>(run: (kernels: Kernels) => T): [T, T] {
  arena.reset();
  const first = run(compiled);
  const second = run(plainKernels);
  return [first, second];
}

const ODD = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  5e-324,
  -5e-324,
  2 ** 53,
  1e308,
  -1e308,
  1,
  100,
  99.99,
  0.29,
];

function doubles(rows: number, seed: number): Float64Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  const values = arena.f64(8192);
  for (let i = 0; i < rows; i++)
    values[i] = random() % 4 === 0 ? ODD[random() % ODD.length]! : (random() % 20_000) / 100 - 50;
  return values;
}

function bigints(rows: number, seed: number): BigInt64Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  const values = arena.i64(8192);
  const extremes = [2n ** 63n - 1n, -(2n ** 63n), 0n, -1n, 2n ** 53n + 1n];
  for (let i = 0; i < rows; i++) {
    values[i] =
      random() % 4 === 0
        ? extremes[random() % extremes.length]!
        : (BigInt(random()) << 31n) ^ BigInt(random());
  }
  return values;
}

function mask(rows: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  const bytes = arena.u8(8192);
  for (let i = 0; i < rows; i++) bytes[i] = random() % 3 === 0 ? 0 : 1;
  return bytes;
}

function shared<T extends NumberArray | BigInt64Array | BigUint64Array>(
  Numbers: new (buffer: SharedArrayBuffer) => T,
  seed: number,
  floats: boolean,
): T {
  const buffer = new SharedArrayBuffer(8 * 20_000);
  const random = randomNumbers(seed);
  if (floats) {
    const values = new Numbers(buffer) as Float64Array;
    for (let i = 0; i < values.length; i++)
      values[i] = random() % 5 === 0 ? ODD[random() % ODD.length]! : random() / 100;
  } else {
    const words = new Uint32Array(buffer);
    for (let i = 0; i < words.length; i++) words[i] = random();
  }
  return new Numbers(buffer);
}

describe.each(SIZES)('%i rows', (rows) => {
  const from = rows === 0 ? 0 : 8 * (rows % 100);

  test.each([
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])('become doubles, integers and codes from %o', (Numbers) => {
    const floats = Numbers === Float32Array || Numbers === Float64Array;
    const values = shared<NumberArray>(Numbers, rows, floats);
    const [a, b] = both((kernels) => {
      const out = arena.f64(8192);
      kernels.doubles(values, from, rows, out);
      return new BigUint64Array(out.slice(0, rows).buffer);
    });
    expect(a).toEqual(b);
    if (floats) return;
    const [c, d] = both((kernels) => {
      const out = arena.i64(8192);
      kernels.widen(values, from, rows, out);
      return out.slice(0, rows);
    });
    expect(c).toEqual(d);
    if (values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array)
      return;
    const [e, f] = both((kernels) => {
      const out = arena.u32(8192);
      kernels.codes(values, from, rows, out);
      return out.slice(0, rows);
    });
    expect(e).toEqual(f);
  });

  test.each([BigInt64Array, BigUint64Array])('become the nearest doubles from %o', (Numbers) => {
    const values = shared<BigInt64Array | BigUint64Array>(Numbers, rows, false);
    const [a, b] = both((kernels) => {
      const out = arena.f64(8192);
      kernels.doublesOfBigints(values, from, rows, out);
      return out.slice(0, rows);
    });
    expect(a).toEqual(b);
  });

  test('are unpacked from bits', () => {
    const bits = shared(Uint8Array, rows + 1, false);
    bits.fill(255, 0, 200);
    const [a, b] = both((kernels) => {
      const out = [
        arena.u8(8192),
        arena.f64(8192),
        arena.u32(8192),
        doubles(rows, 3),
        arena.u32(8192),
      ] as const;
      kernels.unpackBits(bits, from, rows, out[0]);
      kernels.unpackDoubles(bits, from, rows, out[1]);
      kernels.unpackCodes(bits, from, rows, out[2]);
      kernels.nullDoubles(bits, from, rows, out[3]);
      kernels.nullCodes(bits, from, rows, out[4].fill(7));
      return out.flatMap((values) => [...values.subarray(0, rows)]);
    });
    expect(a).toEqual(b);
  });

  test('pass ranges', () => {
    const [a, b] = both((kernels) => {
      const out = mask(rows, 5);
      kernels.andRange(doubles(rows, 1), -0.5, 99.99, out, rows);
      const wide = mask(rows, 6);
      kernels.andRangeI64(bigints(rows, 2), -(2n ** 63n), 2n ** 53n, wide, rows);
      return [
        ...out.subarray(0, rows),
        ...wide.subarray(0, rows),
        kernels.count(out, rows),
        kernels.count(wide, rows),
      ];
    });
    expect(a).toEqual(b);
  });

  test.each([
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])('pass ranges as they are stored in %o', (Numbers) => {
    const values = shared<NumberArray>(Numbers, rows, Numbers.BYTES_PER_ELEMENT > 4);
    if (values instanceof Float32Array)
      values.set([NaN, 0.1, -0, 1e-45, -1e-45, Infinity, 0.3], from);
    const ranges = [
      [-100.5, 99.5],
      [0.1, 0.1],
      [0.3, 0.2],
      [-Infinity, Infinity],
      [2 ** 31, 2 ** 40],
      [-0.5, 5e-324],
      [0.5, 0.6],
    ] as const;
    for (const [low, high] of ranges) {
      const [a, b] = both((kernels) => {
        const out = mask(rows, 4);
        kernels.andStoredRange(values, from, low, high, out, rows);
        return out.slice(0, rows);
      });
      expect(a).toEqual(b);
    }
  });

  test('pass by their codes', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(23);
      const [codes, lut, out] = [arena.u32(8192), arena.u8(9), mask(rows, 2)];
      for (let i = 0; i < rows; i++) codes[i] = random() % 5 === 0 ? 0xffff_ffff : random() % 9;
      lut.set([0, 1, 1, 0, 0, 1, 0, 1, 0]);
      kernels.andCodes(codes, lut, 1, out, rows);
      return out.slice(0, rows);
    });
    expect(a).toEqual(b);
  });

  test('become bits, of which those are left that are in other bits too', () => {
    const other = shared(Uint8Array, rows + 3, false);
    const start = 64 * (rows % 20);
    const [a, b] = both((kernels) => {
      const bits = arena.u8(1024).fill(0xaa);
      // Bytes beyond the last row mean nothing, and must not become bits.
      const bytes = mask(rows, 10);
      bytes.fill(1, rows);
      kernels.packBits(bytes, rows, bits);
      const packed = bits.slice(0, Math.ceil(rows / 64) * 8);
      const left = kernels.andBits(other, start, rows, bits);
      const unpacked = arena.u8(8192);
      kernels.unpackBits(bits, 0, rows, unpacked);
      return [left, ...packed, ...bits.subarray(0, packed.length), ...unpacked.subarray(0, rows)];
    });
    expect(a).toEqual(b);
    const passes = mask(rows, 10);
    const wanted = Array.from({ length: rows }, (_, i) => {
      const at = start + i;
      return passes[i]! & (other[at >> 3]! >> (at & 7)) & 1;
    });
    expect(b.slice(b.length - rows)).toEqual(wanted);
    expect(b[0]).toBe(wanted.filter((byte) => byte === 1).length);
  });

  test('are packed and gathered', () => {
    const [a, b] = both((kernels) => {
      const passes = mask(rows, 8);
      const places = arena.u16(8192);
      kernels.pack(passes, places, rows);
      const count = kernels.count(passes, rows);
      const out = [arena.f64(8192), arena.u32(8192), arena.u8(8192)] as const;
      kernels.gather(doubles(rows, 4), places, out[0], count);
      const integers = bigints(rows, 5);
      const wide = arena.i64(8192);
      kernels.gather(integers, places, wide, count);
      kernels.gather(
        new Uint32Array(integers.buffer, integers.byteOffset, 8192),
        places,
        out[1],
        count,
      );
      kernels.gather(mask(rows, 9), places, out[2], count);
      return [
        ...places.subarray(0, count),
        ...wide.subarray(0, count),
        ...out.flatMap((values) => [...values.subarray(0, count)]),
      ];
    });
    expect(a).toEqual(b);
  });

  test.each([
    ['of a third', 90, (i: number) => i / 3 - 20],
    [
      'counted up with an error a step',
      100,
      (i: number) => Array.from({ length: i }).reduce<number>((x) => x + 0.1, -5),
    ],
    ['of whole numbers', 64, (i: number) => i - 20],
    ['too fine for their place', 40, (i: number) => 1e15 + i / 8],
    ['that differ by half of themselves', 30, (i: number) => (i + (i % 2) * 0.5) * 3],
    ['beyond the greatest double apart', 2, (i: number) => (i - 1) * 1.7e308],
  ])('fall into steps %s', (_name, count, edgeOf) => {
    const [a, b] = both((kernels) => {
      const edges = arena.f64(count + 1);
      for (let i = 0; i <= count; i++) edges[i] = edgeOf(i);
      const values = doubles(rows, 8);
      // On, just below and just above the edges.
      const bits = new BigInt64Array(values.buffer, values.byteOffset, values.length);
      for (let i = 0; i < rows; i += 2) {
        values[i] = edges[(i * 7) % (count + 1)]!;
        bits[i]! += BigInt((i % 3) - 1);
      }
      const cells = arena.i32(8192);
      const [low, high] = [edges[0]!, edges[count]!];
      kernels.stepCells(values, stepsOf(edges), low, high, -Number.MAX_VALUE, cells, rows);
      return cells.slice(0, rows);
    });
    expect(a).toEqual(b);
  });

  test.each([
    [0.29, 57.58, 997],
    [-50, 150, 600],
    [-1e308, 1e308, 50],
    [0, 5e-324, 3],
    [99.99, 100, 1],
  ])('fall into linear cells of %f to %f', (low, high, width) => {
    const [a, b] = both((kernels) => {
      const cells = arena.i32(8192);
      kernels.linearCells(doubles(rows, 7), low, high, width, cells, rows);
      return cells.slice(0, rows);
    });
    expect(a).toEqual(b);
  });

  test('fall between edges', () => {
    const [a, b] = both((kernels) => {
      const values = doubles(rows, 8);
      const step = arena.f64(101);
      for (let i = 0; i <= 100; i++) step[i] = (i * 3 - 50) / 2;
      const cells = [arena.i32(8192), arena.i32(8192), arena.i32(8192), arena.i32(8192)] as const;
      kernels.stepCells(values, stepsOf(step), -20, 99.99, -Number.MAX_VALUE, cells[0], rows);
      const log = arena.f64(1001);
      log.set(logEdges(0.01, 150, 1000));
      kernels.logCells(values, log, logTable(log, arena), cells[1], rows);
      const tiny = arena.f64(4);
      tiny.set(logEdges(5e-324, 1e308, 3));
      kernels.logCells(values, tiny, logTable(tiny, arena), cells[2], rows);
      const integers = bigints(rows, 9);
      const time = arena.i64(301);
      for (let i = 0; i <= 300; i++) time[i] = BigInt(i * i) << 45n;
      kernels.timeCells(integers, time, time[0]!, time[300]!, cells[3], rows);
      return cells.flatMap((list) => [...list.subarray(0, rows)]);
    });
    expect(a).toEqual(b);
  });

  test('are counted by the cells of a picture', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(11);
      const [xs, ys, out] = [arena.i32(8192), arena.i32(8192), arena.i32(8192)];
      for (let i = 0; i < rows; i++) {
        xs[i] = (random() % 12) - 2;
        ys[i] = (random() % 7) - 2;
      }
      kernels.pictureCells(xs, ys, 10, rows);
      kernels.maskCells(xs, mask(rows, 12), out, rows);
      const counts = arena.u32(53).fill(0);
      kernels.countCells(out, counts, rows);
      return [...xs.subarray(0, rows), ...out.subarray(0, rows), ...counts.subarray(1)];
    });
    expect(a).toEqual(b);
    const filtered = b.slice(rows, 2 * rows).filter((cell) => cell === -3).length;
    expect(b.slice(-52).reduce((sum, n) => sum + n, filtered)).toBe(rows);
  });

  test('are joined with those of another axis, which have a place each where they have none', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(21);
      const [actives, cells, out] = [arena.i32(8192), arena.i32(8192), arena.i32(8192)];
      for (let i = 0; i < rows; i++) {
        actives[i] = random() % 12;
        cells[i] = (random() % 7) - 2;
      }
      kernels.cubeCells(actives, cells, 7, out, rows);
      return [...cells.subarray(0, rows), ...out.subarray(0, rows)];
    });
    expect(a).toEqual(b);
    for (let i = 0; i < rows; i++) {
      const cell = b[i]!;
      expect(b[rows + i]! % 7).toBe(cell === -1 ? 5 : cell === -2 ? 6 : cell);
    }
  });

  test('are those of codes, and have sums with what rounding lost of them', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(23);
      const [codes, lut, cells] = [arena.u32(8192), arena.i32(7), arena.i32(8192)];
      const [seen, sums] = [arena.i32(8192), arena.f64(10).fill(0)];
      lut.set([3, -1, 0, 1, 4, 2, 3]);
      for (let i = 0; i < rows; i++) codes[i] = random() % 8 === 7 ? 0xffff_ffff : random() % 7;
      kernels.placeCodes(codes, lut, -2, cells, rows);
      const values = arena.f64(8192);
      for (let i = 0; i < rows; i++) {
        values[i] = random() % 9 === 0 ? NaN : ((random() % 1000) / 7) * 10 ** (random() % 20);
      }
      kernels.cellsOfValues(cells, values, seen, rows);
      kernels.sumCells(cells, values, sums, rows);
      return [...cells.subarray(0, rows), ...seen.subarray(0, rows), ...sums];
    });
    expect(a).toEqual(b);
  });

  test('are added up in registers as one by one, with a mask and without', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(23);
      const [values, mask] = [arena.f64(8192), arena.u8(8192)];
      for (let i = 0; i < rows; i++) {
        values[i] = random() % 9 === 0 ? NaN : ((random() % 1000) / 7) * 10 ** (random() % 20);
        mask[i] = random() % 3 === 0 ? 0 : 1;
      }
      const [all, some] = [arena.f64(3).fill(0), arena.f64(3).fill(0)];
      for (let round = 0; round < 3; round++) {
        kernels.sumValues(values, null, all, rows);
        kernels.sumValues(values, mask, some, rows);
      }
      return [...all, ...some];
    });
    expect(a).toEqual(b);
  });

  test('are counted by cell and category, in bytes that spill', () => {
    const [a, b] = both((kernels) => {
      const random = randomNumbers(17);
      const [codes, lut, slots] = [arena.u32(8192), arena.u16(7), arena.u16(8192)];
      const cells = arena.i32(8192);
      lut.set([3, 3, 0, 1, 3, 2, 3]);
      for (let i = 0; i < rows; i++) {
        codes[i] = random() % 8 === 7 ? 0xffff_ffff : random() % 7;
        cells[i] = (random() % 8) - 3;
      }
      kernels.slotCodes(codes, lut, 4, slots, rows);
      kernels.pairCells(cells, slots, 5, rows);
      const counts = arena.u8(28).fill(0);
      const spilled = arena.i32(8192);
      const spills = kernels.countBytes(cells, counts, spilled, rows);
      const found = arena.i32(28);
      const occupied = kernels.occupied(counts, 0, 28, found);
      return [
        ...slots.subarray(0, rows),
        ...cells.subarray(0, rows),
        ...spilled.subarray(0, spills),
        ...found.subarray(0, occupied),
        ...counts,
        spills * 255,
      ];
    });
    expect(a).toEqual(b);
    expect(b.slice(-29).reduce((sum, n) => sum + n, 0)).toBe(rows);
  });

  test('have their zone found', () => {
    for (const seed of [1, 2, 3]) {
      const [a, b] = both((kernels) => {
        const values = doubles(rows, seed);
        if (seed === 3) values.fill(NaN, 0, rows - 1);
        const out = arena.f64(3);
        kernels.zone(values, rows, out);
        // Either zero will do.
        return [...out].map((value) => value + 0);
      });
      expect(a).toEqual(b);
    }
  });

  test('have their first extremes found', () => {
    for (let from = 0; from < Math.min(rows, 5); from++) {
      const [a, b] = both((kernels) => {
        const random = randomNumbers(13 + from);
        const values = arena.f64(8192);
        // Few different values, so that the first of many equals has to be told.
        const few = [-Infinity, -1, -0, 0, 2.5, Infinity];
        for (let i = 0; i < rows; i++) values[i] = few[random() % (from + 2)]!;
        const out = arena.i32(2);
        kernels.extremes(values, from, rows, out);
        return [...out];
      });
      expect(a).toEqual(b);
    }
  });

  test('have the points of the largest triangles chosen', () => {
    for (let seed = 0; seed < 4; seed++) {
      const [a, b] = both((kernels) => {
        const random = randomNumbers(50 + seed);
        const xs = arena.f64(8192);
        const ys = arena.f64(8192);
        // Few different values make equal triangles; of the widest the areas are no numbers.
        const few = [-1e200, -1, 0, 0.1, 2.5, 1e200].slice(seed < 2 ? 1 : 0, seed < 2 ? -1 : 6);
        for (let i = 0; i < rows; i++) {
          xs[i] = seed % 2 === 0 ? i / 3 : few[random() % few.length]!;
          ys[i] = few[random() % few.length]!;
        }
        const starts = arena.i32(8192);
        let count = 1;
        while (starts[count - 1]! < rows) {
          starts[count] = Math.min(rows, starts[count - 1]! + 1 + (random() % (3 + 40 * seed)));
          count++;
        }
        const last = arena.f64(2);
        last.set([-1, 0.5]);
        const out = arena.i32(8192);
        const buckets = Math.max(0, count - 2);
        kernels.triangles(xs, ys, starts, buckets, last, arena.f64(16384), out);
        return [...out.subarray(0, buckets), ...last];
      });
      expect(a).toEqual(b);
    }
  });

  test('are summarized leaf by leaf', () => {
    for (const size of [2, 32, 64, 128]) {
      const [a, b] = both((kernels) => {
        const values = doubles(rows, 31 + size);
        // A whole leaf without a finite value, where there are so many rows.
        values.fill(NaN, size, Math.max(size, Math.min(rows, size * 2)));
        const count = Math.ceil(rows / size);
        const out = {
          least: arena.f64(4096),
          greatest: arena.f64(4096),
          leastAt: arena.u8(4096),
          greatestAt: arena.u8(4096),
          gaps: arena.u8(4096),
        };
        kernels.leaves(values, rows, size, out);
        return Object.values(out).map((array) => [...array.subarray(0, count)]);
      });
      expect(a).toEqual(b);
    }
  });
});
