import { describe, expect, test } from 'vitest';
import { buildTiles } from '../../../workers/tiles/build.js';
import { isExact } from '../../../workers/tiles/form.js';
import { doubleOf } from '../../../workers/tiles/keys.js';
import {
  ENTRY_ROW_SHIFT,
  ENTRY_STRIP_BITS,
  tilesAt,
  tilesBytes,
  type Tiles,
} from '../../../workers/tiles/tiles.js';
import { turnOf } from '../../../workers/tiles/turns.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { doubleOf as numberOf, testColumn } from '../../helpers/test-columns.js';

function tilesOf(x: TestColumn, y: TestColumn): Tiles {
  const { table } = memorySnapshot(
    [
      { ...x, name: 'x' },
      { ...y, name: 'y' },
    ],
    2 ** 20,
  );
  const built = buildTiles({ table, batch: 0, x: 0, y: 1 });
  if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
  expect(built.bytes.length).toBe(tilesBytes(x.values.length));
  return tilesAt(built.bytes.buffer, 0, x.values.length);
}

const KINDS = ['int16', 'cents', 'odd', 'decimal', 'float32', 'micro', 'nano', 'day', 'big'];

describe.each([1, 2, 300, 20_000])('the tiles of %i rows', (rows) => {
  test.each(KINDS)(
    'over %s hold every row with a place once, in the strips of its values',
    (kind) => {
      const [x, y] = [testColumn(kind, rows), testColumn('cents', rows, { seed: 5 })];
      const { entries, unplaced, starts, tiles, stripBits, ...edges } = tilesOf(x, y);
      const isPlaced = (column: TestColumn, row: number): boolean =>
        column.logical.kind === 'float'
          ? Number.isFinite(numberOf(column, row))
          : column.values[row] !== null;
      const placed = Array.from(x.values.keys()).filter(
        (row) => isPlaced(x, row) && isPlaced(y, row),
      );
      const isOther = (row: number): boolean => !isPlaced(x, row) || !isPlaced(y, row);
      const others = Array.from(x.values.keys()).filter(isOther);
      const rowsOf = Array.from(entries, (entry) => entry >>> ENTRY_ROW_SHIFT);
      expect(rowsOf.toSorted((a, b) => a - b)).toEqual(placed);
      expect(Array.from(unplaced)).toEqual(others);
      for (let tile = 0; tile < tiles * tiles; tile++) {
        let before = -1;
        for (let at = starts[tile]!; at < starts[tile + 1]!; at++) {
          const entry = entries[at]!;
          const row = entry >>> ENTRY_ROW_SHIFT;
          expect(turnOf(row)).toBeGreaterThan(before);
          before = turnOf(row);
          const strip = (axis: 0 | 1): number => {
            const within = (entry >>> (axis * ENTRY_STRIP_BITS)) & (2 ** ENTRY_STRIP_BITS - 1);
            return ((axis === 0 ? tile % tiles : Math.floor(tile / tiles)) << stripBits) + within;
          };
          expectWithin(x, row, edges.x, strip(0));
          expectWithin(y, row, edges.y, strip(1));
        }
      }
    },
  );
});

/** A value is not below its strip, and below the next one; the last strip holds the greatest too. */
function expectWithin(column: TestColumn, row: number, edges: BigInt64Array, strip: number): void {
  const [low, high] = [edges[strip]!, edges[strip + 1]!];
  const isLast = strip === edges.length - 2;
  if (isExact(column)) {
    const value = BigInt(column.values[row] as number);
    expect(value >= low && (value < high || (isLast && value === high))).toBe(true);
    return;
  }
  const value = numberOf(column, row);
  expect(value).toBeGreaterThanOrEqual(doubleOf(low));
  if (isLast) expect(value).toBeLessThanOrEqual(doubleOf(high));
  else expect(value === 0 || value < doubleOf(high)).toBe(true);
}

test('one value far off does not fill the tiles with all others', () => {
  const x = testColumn('cents', 20_000);
  const values = [...x.values];
  values[7] = 1e300;
  const { starts } = tilesOf({ ...x, values }, testColumn('int16', 20_000));
  let most = 0;
  for (let tile = 0; tile + 1 < starts.length; tile++) {
    most = Math.max(most, starts[tile + 1]! - starts[tile]!);
  }
  expect(most).toBeLessThan(200);
});
