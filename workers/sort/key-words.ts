import type { TableView } from '../columns.js';
import { largeUint32 } from '../large-arrays.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import { dictionaryRanks } from '../text/cache.js';

const SIGN = 0x8000_0000;

/**
 * The values of one batch as unsigned words of 32 bits that ascend as they do, least significant first: one for narrow integers, floats
 * of 32 bits and dictionaries, two for 64 bits, four for 128. What stands for nulls means nothing. Texts without a dictionary have none.
 */
export function keyWords(
  table: TableView,
  column: number,
  batch: number,
  check?: () => void,
): Uint32Array[] {
  const rows = table.batchRows[batch]!;
  const { storage } = batchOf(table, column, batch);
  const { numbers, bigints, bits } = openSource(table, batchOf(table, column, batch));
  const word = (at: (row: number) => number): Uint32Array => {
    const words = largeUint32(rows);
    for (let row = 0; row < rows; row++) words[row] = at(row);
    return words;
  };
  switch (storage) {
    case 'null':
    case 'utf8':
    case 'binary':
      return [];
    case 'bool':
      return [word((row) => (bits![row >>> 3]! >>> (row & 7)) & 1)];
    case 'dict8':
    case 'dict16':
    case 'dict32': {
      const ranks = dictionaryRanks(table, columnOf(table, column).dictionary!, check);
      return [word((row) => ranks[numbers![row]!] ?? 0)];
    }
    case 'float32': {
      const stored = new Uint32Array(numbers!.buffer, numbers!.byteOffset, rows);
      return [
        word((row) => {
          const value = numbers![row]!;
          if (value === 0) return SIGN;
          return value !== value ? 0xffff_ffff : ascendingBits(stored[row]!);
        }),
      ];
    }
    case 'float64':
      return doubleWords(numbers as Float64Array, rows);
    case 'int64':
    case 'uint64':
    case 'decimal128': {
      const each = storage === 'decimal128' ? 4 : 2;
      const stored = new Uint32Array(bigints!.buffer, bigints!.byteOffset, rows * each);
      const flip = storage === 'uint64' ? 0 : SIGN;
      return Array.from({ length: each }, (_, k) =>
        k === each - 1
          ? word((row) => stored[row * each + k]! ^ flip)
          : word((row) => stored[row * each + k]!),
      );
    }
    default: {
      const flip = storage.startsWith('u') ? 0 : SIGN;
      return [word((row) => numbers![row]! ^ flip)];
    }
  }
}

/** The bits of a float ascend with it once the sign of positive ones, and all bits of negative ones, are turned over. */
const ascendingBits = (bits: number): number => (bits >>> 31 === 1 ? ~bits : bits ^ SIGN);

function doubleWords(values: Float64Array, rows: number): Uint32Array[] {
  const stored = new Uint32Array(values.buffer, values.byteOffset, rows * 2);
  const low = largeUint32(rows);
  const high = largeUint32(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (value === 0) high[row] = SIGN;
    else if (value !== value) {
      low[row] = 0xffff_ffff;
      high[row] = 0xffff_ffff;
    } else {
      const flip = stored[2 * row + 1]! >>> 31 === 1 ? 0xffff_ffff : 0;
      low[row] = stored[2 * row]! ^ flip;
      high[row] = stored[2 * row + 1]! ^ (flip | SIGN);
    }
  }
  return [low, high];
}
