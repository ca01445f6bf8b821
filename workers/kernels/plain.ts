import { addExactly } from '../aggregate/exact-sum.js';
import { COUNTS_AT, DROPPED, FILTERED, OUTSIDE, type Kernels } from './kernels.js';
import { plainTileKernels } from './plain-tiles.js';

const NULL_CODE = 0xffff_ffff;

/** The kernels as plain TypeScript: the reference that the WebAssembly ones are compared with. */
export const plainKernels: Kernels = {
  doubles(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = values[from + i]!;
  },

  doublesOfBigints(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = Number(values[from + i]!);
  },

  offsetsOfBigints(values, from, rows, origin, out) {
    for (let i = 0; i < rows; i++) out[i] = Number(values[from + i]! - origin);
  },

  widen(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = BigInt(values[from + i]!);
  },

  codes(values, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = values[from + i]!;
  },

  unpackBits(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  unpackDoubles(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  unpackCodes(bits, from, rows, out) {
    for (let i = 0; i < rows; i++) out[i] = bit(bits, from + i);
  },

  nullDoubles(validity, from, rows, out) {
    for (let i = 0; i < rows; i++) if (bit(validity, from + i) === 0) out[i] = NaN;
  },

  nullCodes(validity, from, rows, out) {
    for (let i = 0; i < rows; i++) if (bit(validity, from + i) === 0) out[i] = NULL_CODE;
  },

  andRange(values, low, high, mask, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      mask[i]! &= value >= low && value <= high ? 1 : 0;
    }
  },

  andRangeI64(values, low, high, mask, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      mask[i]! &= value >= low && value <= high ? 1 : 0;
    }
  },

  andStoredRange(values, from, low, high, mask, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[from + i]!;
      mask[i]! &= value >= low && value <= high ? 1 : 0;
    }
  },

  andCodes(codes, lut, ofNull, mask, rows) {
    for (let i = 0; i < rows; i++) mask[i]! &= codes[i] === NULL_CODE ? ofNull : lut[codes[i]!]!;
  },

  count(mask, rows) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += mask[i]!;
    return sum;
  },

  packBits(mask, rows, out) {
    const whole = Math.ceil(rows / 64) * 64;
    mask.fill(0, rows, whole);
    out.fill(0, 0, whole / 8);
    for (let i = 0; i < rows; i++) out[i >> 3]! |= mask[i]! << (i & 7);
  },

  andBits(bits, from, rows, into) {
    let left = 0;
    for (let i = 0; i < Math.ceil(rows / 64) * 8; i++) {
      into[i]! &= bits[(from >> 3) + i]!;
      for (let byte = into[i]!; byte !== 0; byte &= byte - 1) left++;
    }
    return left;
  },

  pack(mask, places, rows) {
    let count = 0;
    for (let i = 0; i < rows; i++) if (mask[i] === 1) places[count++] = i;
  },

  gather(values, places, out, rows) {
    for (let i = 0; i < rows; i++) out[i] = values[places[i]!]!;
  },

  linearCells(values, low, high, width, cells, rows) {
    const last = width - 1;
    const span = high - low;
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value >= low && value <= high) {
        const cell = ((value - low) * width) / span;
        cells[i] = cell < last ? Math.floor(cell) : last;
      } else cells[i] = value - value === 0 ? OUTSIDE : DROPPED;
    }
  },

  stepCells(values, { edges }, low, high, least, cells, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value >= low && value <= high) cells[i] = lastAtOrBelow(edges, value);
      else cells[i] = value >= least && value <= Number.MAX_VALUE ? OUTSIDE : DROPPED;
    }
  },

  logCells(values, edges, _table, cells, rows) {
    const low = edges[0]!;
    const high = edges.at(-1)!;
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value >= low && value <= high) cells[i] = lastAtOrBelow(edges, value);
      else cells[i] = value > 0 && value <= Number.MAX_VALUE ? OUTSIDE : DROPPED;
    }
  },

  timeCells(values, edges, low, high, cells, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      cells[i] = value >= low && value <= high ? lastAtOrBelow(edges, value) : OUTSIDE;
    }
  },

  pictureCells(xs, ys, width, rows) {
    for (let i = 0; i < rows; i++) {
      const lesser = Math.min(xs[i]!, ys[i]!);
      xs[i] = lesser < 0 ? lesser : ys[i]! * width + xs[i]!;
    }
  },

  cubeCells(actives, cells, stride, out, rows) {
    for (let i = 0; i < rows; i++) {
      const cell = cells[i]!;
      out[i] = actives[i]! * stride + (cell < 0 ? stride - 3 - cell : cell);
    }
  },

  sumCells(cells, values, sums, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (cells[i]! < 0 || value !== value) continue;
      const at = 2 * cells[i]!;
      const sum = sums[at]!;
      const total = sum + value;
      const part = total - sum;
      sums[at + 1]! += sum - (total - part) + (value - part);
      sums[at] = total;
    }
  },

  sumValues(values, mask, into, rows) {
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value !== value || mask?.[i] === 0) continue;
      addExactly(into, into.subarray(1), 0, value);
      into[2]!++;
    }
  },

  cellsOfValues(cells, values, out, rows) {
    for (let i = 0; i < rows; i++) out[i] = values[i] === values[i] ? cells[i]! : FILTERED;
  },

  maskCells(cells, mask, out, rows) {
    for (let i = 0; i < rows; i++) out[i] = mask[i] === 0 ? FILTERED : cells[i]!;
  },

  countCells(cells, counts, rows) {
    for (let i = 0; i < rows; i++) counts[COUNTS_AT + cells[i]!]!++;
  },

  slotCodes(codes, lut, ofNull, slots, rows) {
    for (let i = 0; i < rows; i++) slots[i] = codes[i] === NULL_CODE ? ofNull : lut[codes[i]!]!;
  },

  placeCodes(codes, lut, ofNull, cells, rows) {
    for (let i = 0; i < rows; i++) {
      const code = codes[i]!;
      cells[i] = code === NULL_CODE ? ofNull : lut[code]!;
    }
  },

  pairCells(cells, slots, slotCount, rows) {
    for (let i = 0; i < rows; i++) if (cells[i]! >= 0) cells[i] = cells[i]! * slotCount + slots[i]!;
  },

  countBytes(cells, counts, spilled, rows) {
    let spills = 0;
    for (let i = 0; i < rows; i++) {
      const at = COUNTS_AT + cells[i]!;
      if (counts[at] === 255) {
        counts[at] = 1;
        spilled[spills++] = cells[i]!;
      } else counts[at]!++;
    }
    return spills;
  },

  occupied(counts, from, to, out) {
    let found = 0;
    for (let i = from; i < to; i++) if (counts[i] !== 0) out[found++] = i;
    return found;
  },

  addBytes(into, other) {
    for (let i = 0; i < into.length; i++) {
      if (into[i]! + other[i]! > 255) return i;
      into[i]! += other[i]!;
    }
    return into.length;
  },

  occupiedBytes(counts, out) {
    let found = 0;
    for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) out[found++] = i;
    return found;
  },

  tallyBytes(counts) {
    let occupied = 0;
    let largest = 0;
    for (const count of counts) {
      if (count > 0) occupied++;
      largest = Math.max(largest, count);
    }
    return { occupied, largest };
  },

  extremes(values, from, to, out) {
    let leastAt = from;
    let greatestAt = from;
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[leastAt]!) leastAt = i;
      if (values[i]! > values[greatestAt]!) greatestAt = i;
    }
    out[0] = leastAt;
    out[1] = greatestAt;
  },

  leaves(values, rows, size, { least, greatest, leastAt, greatestAt, gaps }) {
    for (let from = 0, leaf = 0; from < rows; from += size, leaf++) {
      least[leaf] = Infinity;
      greatest[leaf] = -Infinity;
      leastAt[leaf] = greatestAt[leaf] = gaps[leaf] = 0;
      for (let i = 0; i < size && from + i < rows; i++) {
        const value = values[from + i]!;
        if (!Number.isFinite(value)) {
          gaps[leaf]!++;
          continue;
        }
        if (value < least[leaf]!) {
          least[leaf] = value;
          leastAt[leaf] = i;
        }
        if (value > greatest[leaf]!) {
          greatest[leaf] = value;
          greatestAt[leaf] = i;
        }
      }
    }
  },

  triangles(xs, ys, starts, buckets, last, _means, out) {
    for (let b = 0; b < buckets; b++) {
      const [start, end, nextEnd] = starts.subarray(b, b + 3) as unknown as [
        number,
        number,
        number,
      ];
      let meanX = 0;
      let meanY = 0;
      for (let i = end; i < nextEnd; i++) {
        meanX += xs[i]!;
        meanY += ys[i]!;
      }
      meanX /= nextEnd - end;
      meanY /= nextEnd - end;
      const [fromX, fromY] = last as unknown as [number, number];
      let largest = -1;
      let best = start;
      for (let i = start; i < end; i++) {
        const area = Math.abs(
          (fromX - meanX) * (ys[i]! - fromY) - (fromX - xs[i]!) * (meanY - fromY),
        );
        if (area > largest) {
          largest = area;
          best = i;
        }
      }
      out[b] = best;
      last[0] = xs[best]!;
      last[1] = ys[best]!;
    }
  },

  zone(values, rows, out) {
    let least = Infinity;
    let greatest = -Infinity;
    let nans = 0;
    for (let i = 0; i < rows; i++) {
      const value = values[i]!;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      if (value !== value) nans++;
    }
    out[0] = least;
    out[1] = greatest;
    out[2] = nans;
  },

  ...plainTileKernels,
};

// The last cell whose edge is not above the value; the last edge only ends the last cell.
function lastAtOrBelow<T extends number | bigint>(edges: ArrayLike<T>, value: T): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function bit(bits: Uint8Array, i: number): number {
  return (bits[i >> 3]! >> (i & 7)) & 1;
}
