import { expect, test } from 'vitest';
import { Arena } from '../../../workers/kernels/arena.js';
import type { Kernels, RowLists } from '../../../workers/kernels/kernels.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { plainKernels } from '../../../workers/kernels/plain.js';
import { Code, fillWays } from '../../../workers/tiles/ways.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const SIZES = [0, 1, 2, 3, 64, 999, 8192];
const arena = new Arena();
arena.reset();
const compiled = kernelsFor(arena);

/** What both kernels write, each on inputs of its own. */
function expectEqual(run: (kernels: Kernels) => unknown): void {
  arena.reset();
  const first = run(compiled);
  expect(run(plainKernels)).toEqual(first);
}

test.each(SIZES)('%i doubles become integers in the same order, and keep their mask', (rows) => {
  const random = randomNumbers(rows);
  const odd = [NaN, Infinity, -Infinity, -0, 0, 5e-324, -1e308, 1e308];
  const numbers = Array.from({ length: rows }, (_, i) => odd[i] ?? (random() % 999) / 7 - 60);
  expectEqual((kernels) => {
    const values = arena.f64(8192);
    values.set(numbers);
    const mask = arena.u8(8192).fill(1);
    kernels.andFinite(values, mask, rows);
    const out = arena.i64(8192).fill(0n);
    kernels.ordered(values, rows, out);
    return { mask: mask.slice(0, rows), out: out.slice(0, rows) };
  });
});

test.each(SIZES)('%i keys are found between edges', (rows) => {
  const random = randomNumbers(rows + 1);
  const drawn = Array.from({ length: rows }, () => BigInt((random() % 5000) - 1000));
  expectEqual((kernels) => {
    const edges = arena.i64(65);
    for (let i = 0; i < 65; i++) edges[i] = BigInt(i * i - 900);
    const keys = arena.i64(8192);
    for (let i = 0; i < rows; i++) keys[i] = drawn[i]!;
    const strips = arena.u16(8192).fill(0);
    kernels.findStrips(keys, edges, strips, rows);
    return strips.slice(0, rows);
  });
});

test.each(SIZES)(
  '%i rows are put together by tile, and sorted by what is known of them',
  (rows) => {
    const random = randomNumbers(rows + 2);
    const [tileBits, stripBits] = [3, 2];
    const [tiles, side] = [2 ** tileBits, 2 ** stripBits];
    const drawn = Array.from({ length: rows }, () => [random() % 32, random() % 32, random() % 5]);
    const known = Array.from({ length: 64 }, (_, i) => {
      const code = [Code.DOUBT, Code.OUTSIDE, Code.WILD, Code.DROPPED][random() % 9];
      return code ?? i % 32;
    });
    for (const isFiltered of [false, true]) {
      expectEqual((kernels) => {
        const xs = arena.u16(8192);
        const ys = arena.u16(8192);
        const mask = arena.u8(8192);
        for (const [i, [x, y, keep]] of drawn.entries()) {
          [xs[i], ys[i], mask[i]] = [x!, y!, keep === 0 ? 0 : 1];
        }
        const counts = arena.u32(tiles * tiles).fill(0);
        kernels.countTiles(xs, ys, mask, rows, stripBits, tileBits, counts);
        const starts = Array.from(counts);
        let end = 0;
        for (let tile = 0; tile < counts.length; tile++) {
          [counts[tile], end] = [end, end + starts[tile]!];
        }
        const first = counts.slice();
        const entries = arena.u32(8192).fill(0);
        const striped = { rows, xs, ys, mask, stripBits, tileBits };
        kernels.placeRows(0, 2 ** 20, striped, counts, entries);
        const placed = entries.slice(0, end);

        // One row of tiles after the other.
        const cells = arena.u8(64 * 64).fill(0);
        const full = arena.i32(8192);
        const spilled: number[] = [];
        const near = arena.u32(16_384);
        let nearby = 0;
        const lists = listsOf();
        const bits = arena.u8(1024).fill(0b1010_0110);
        const ways = arena.u8(256);
        fillWays(ways);
        const [ofX, ofY, ofTiles, own] = [arena.i32(32), arena.i32(4), arena.i32(8), arena.u32(9)];
        ofX.set(known.slice(0, 32));
        ofTiles.fill(-1);
        for (let row = 0; row < tiles; row++) {
          for (let i = 0; i < side; i++) {
            const code = known[32 + row * side + i]!;
            ofY[i] = code < 64 ? code * 32 : code;
          }
          for (let i = 0; i <= tiles; i++) own[i] = first[row * tiles + i] ?? end;
          const [from, to] = [own[0]!, own[tiles]!];
          const chunk = arena.u32(Math.max(1, to - from));
          chunk.set(entries.subarray(from, to));
          const run = { from, to, entries: chunk, starts: own, stripBits };
          const codes = { xs: ofX, ys: ofY, xTiles: ofTiles, yTile: -1, ways, tile: 0 };
          const passing = { ...run, bits: isFiltered ? bits : null };
          kernels.sortRows({ ...passing, ...codes }, cells, full, lists);
          spilled.push(...full.subarray(0, lists.sizes[5]));
          const strips = { x: { low: 2, high: 30 }, y: { low: 1, high: 2 } };
          nearby = kernels.listRows(passing, strips, near, nearby);
        }
        const { sizes } = lists;
        return {
          placed,
          cells: cells.slice(),
          spilled: spilled.sort((a, b) => a - b),
          near: near.slice(0, nearby),
          sizes: sizes.slice(0, 5),
          x: [lists.rowsOfX.slice(0, sizes[0]), lists.yOfX.slice(0, sizes[0])],
          y: [lists.rowsOfY.slice(0, sizes[1]), lists.xOfY.slice(0, sizes[1])],
          both: lists.rowsOfBoth.slice(0, sizes[2]),
        };
      });
    }
  },
);

function listsOf(): RowLists {
  const capacity = 16_384;
  const all = arena.u32(16 + 6 * capacity).fill(0, 0, 16);
  const part = (k: number) => all.subarray(16 + k * capacity, 16 + (k + 1) * capacity);
  const cells = (k: number) => new Int32Array(all.buffer, part(k).byteOffset, capacity);
  return {
    sizes: all.subarray(0, 16),
    capacity,
    rowsOfX: part(0),
    yOfX: cells(1),
    rowsOfY: part(2),
    xOfY: cells(3),
    rowsOfBoth: part(4),
  };
}
