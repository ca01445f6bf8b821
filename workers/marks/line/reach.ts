import { linearCell, logEdges } from '../../../protocol/cells.js';
import type { TableView } from '../../columns.js';
import { axisWidth, type AxisPlan } from '../../scan/axis.js';
import { doubleReader } from '../../scan/double-at.js';
import { openSource } from '../../scan/source.js';
import { batchOf, columnOf, type NumberArray } from '../../scan/values.js';

/** Looks at single rows of a batch, by position, for an x that is neither null nor infinite. */
export interface Reach {
  /**
   * Whether the row stands in pixel column `c` or on the right of it; on the right of the domain where `c` is the width.
   * By the rules of protocol/cells.ts.
   */
  reaches(i: number, c: number): boolean;
  /** About where the row stands, in pixel columns from the low end of the domain: a guess. */
  about(i: number): number;
}

/** Makes an axis ready to tell it for one batch after another. */
export function openReach(axis: AxisPlan, table: TableView): (batch: number) => Reach {
  const { column } = axis;
  const sourceOf = (batch: number) => openSource(table, batchOf(table, column, batch));
  if (axis.scale === 'time') {
    const numberReach = reachOfNumbers(axis.edges);
    const wideReach = reachOfWords(axis.edges);
    return (batch) => {
      const { numbers, bigints } = sourceOf(batch);
      if (numbers !== undefined) return numberReach(numbers);
      if (bigints instanceof BigInt64Array) return wideReach(bigints);
      throw new Error('Times are stored in 64 bits with a sign at most.');
    };
  }
  if (axis.scale === 'edges') throw new Error('Rows are not looked up among bins.');
  const { low, high } = axis;
  const width = axisWidth(axis);
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  if (axis.scale === 'log') {
    const edges = logEdges(low, high, width);
    const from = Math.log10(low);
    const perDecade = width / (Math.log10(high) - from);
    return (batch) => {
      const read = doubleReader(sourceOf(batch), scale);
      return {
        reaches: (i, c) => (c < width ? read(i) >= edges[c]! : read(i) > high),
        about: (i) => (Math.log10(read(i)) - from) * perDecade,
      };
    };
  }
  const perX = width / (high - low);
  return (batch) => {
    const read = doubleReader(sourceOf(batch), scale);
    return {
      reaches: (i, c) => {
        const value = read(i);
        // A value on the right of the domain is in no cell, and reaches all of them.
        return value > high || (c < width && linearCell(value, low, high, width) >= c);
      },
      about: (i) => (read(i) - low) * perX,
    };
  };
}

// The last cell holds its upper edge too: what reaches the width lies beyond it.
function reachOfNumbers(edges: BigInt64Array): (values: NumberArray) => Reach {
  const width = edges.length - 1;
  // Integers of 32 bits: that an edge beyond 2^53 is rounded does not matter.
  const doubles = Float64Array.from(edges, Number);
  const perTick = width / (doubles[width]! - doubles[0]!);
  return (values) => ({
    reaches: (i, c) => (c < width ? values[i]! >= doubles[c]! : values[i]! > doubles[width]!),
    about: (i) => (values[i]! - doubles[0]!) * perTick,
  });
}

// Two halves are compared, the one with the sign first: a bigint a look would cost more than the look.
function reachOfWords(edges: BigInt64Array): (values: BigInt64Array) => Reach {
  const width = edges.length - 1;
  const last = edges[width]!;
  const isEndless = last === 2n ** 63n - 1n;
  const bounds = edges.slice();
  if (!isEndless) bounds[width] = last + 1n;
  const highs = new Int32Array(bounds.buffer);
  const lows = new Uint32Array(bounds.buffer);
  const perTick = width / Number(last - edges[0]!);
  return ({ buffer, byteOffset, length }) => {
    const high = new Int32Array(buffer, byteOffset, length * 2);
    const low = new Uint32Array(buffer, byteOffset, length * 2);
    return {
      reaches: (i, c) => {
        if (c === width && isEndless) return false;
        const above = high[2 * i + 1]! - highs[2 * c + 1]!;
        return above > 0 || (above === 0 && low[2 * i]! >= lows[2 * c]!);
      },
      about: (i) => ((high[2 * i + 1]! - highs[1]!) * 2 ** 32 + (low[2 * i]! - lows[0]!)) * perTick,
    };
  };
}
