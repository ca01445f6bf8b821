import { DataType, type Vector } from 'apache-arrow';
import { declaredColumn } from '../declared/column.js';
import { seriesColumn } from '../marks/line/vertices.js';
import { nullableColumn, plainColumn, type FrameColumn } from '../scan/frame.js';
import { logicalOf } from '../text/column-reader.js';
import { countColumn } from './count-column.js';
import type { FrameSide, JoinedGroup } from './join-groups.js';

/** What the x of these groups stand beside: the least of them where they are whole, as times are. */
export function originOf(chosen: readonly JoinedGroup[], side: FrameSide): number | bigint {
  const [first] = chosen;
  if (first === undefined) return side.rows > 0 ? side.place(0) : 0;
  let least = first.place;
  for (const { place: one } of chosen) if (one < least) least = one;
  return typeof least === 'bigint' ? least : 0;
}

/** A column of the differences, by the name it has in the frames that were compared. */
export function columnOf(
  name: string,
  chosen: readonly JoinedGroup[],
  { labels, sides }: { labels: readonly string[]; sides: readonly [FrameSide, FrameSide] },
): FrameColumn {
  switch (name) {
    case 'count':
      return countColumn(Float64Array.from(chosen, ({ count }) => count));
    case 'value':
      return nullableColumn(
        { name, type: { type: 'float', bits: 64 } },
        Float64Array.from(chosen, ({ value }) => value ?? 0),
        Uint8Array.from(chosen, ({ value }) => (value === null ? 0 : 1)),
      );
    case 'series': {
      const slots = Uint16Array.from(chosen, ({ series }) => labels.indexOf(series));
      return seriesColumn({ kind: 'columns', labels: [...labels] }, slots);
    }
    case 'x': {
      const origin = originOf(chosen, sides[0]);
      const x = Float64Array.from(chosen, ({ place }) =>
        typeof place === 'bigint' ? Number(place - (origin as bigint)) : place,
      );
      const isNarrow = x.every((value) => Math.fround(value) === value);
      const type = { type: 'float', bits: isNarrow ? 32 : 64 } as const;
      return plainColumn({ name, type }, isNarrow ? Float32Array.from(x) : x);
    }
    case 'cell':
      return plainColumn(
        { name, type: { type: 'int', bits: 32, signed: false } },
        Uint32Array.from(chosen, ({ place }) => Number(place)),
      );
    default:
      return takenColumn(name, chosen, sides);
  }
}

/** A key or an edge, in its own type, from the frame that has it. */
function takenColumn(
  name: string,
  chosen: readonly JoinedGroup[],
  sides: readonly [FrameSide, FrameSide],
): FrameColumn {
  const vectors = sides.map((side) => side.vectors.get(name)!) as [Vector, Vector];
  const { type } = vectors[0];
  const from = ({ ours, theirs }: JoinedGroup): [Vector, number] =>
    ours >= 0 ? [vectors[0], ours] : [vectors[1], theirs];
  const valid = Uint8Array.from(chosen, (one) => {
    const [vector, row] = from(one);
    return vector.isValid(row) ? 1 : 0;
  });
  const rows = chosen.length;
  const logical = logicalOf(type);
  if (logical !== undefined) {
    const stored = (i: number): number | bigint => {
      const [vector, row] = from(chosen[i]!);
      const values = vector.data[0]!.values as ArrayLike<number | bigint>;
      return logical.kind === 'decimal' ? decimalAt(vector, row) : values[row]!;
    };
    const column = declaredColumn(name, logical, { rows, valid, stored });
    // Edges are never null.
    return name === 'key' ? column : { ...column, field: { ...column.field, nullable: false } };
  }
  if (DataType.isBool(type)) {
    const stored = (i: number): number => {
      const [vector, row] = from(chosen[i]!);
      return vector.get(row) === true ? 1 : 0;
    };
    return declaredColumn(name, { kind: 'boolean' }, { rows, valid, stored });
  }
  const isBinary = DataType.isBinary(type);
  const parts = chosen.map((one, i) => {
    const [vector, row] = from(one);
    if (valid[i] === 0) return Buffer.alloc(0);
    const value = vector.get(row) as string | Uint8Array;
    return typeof value === 'string' ? Buffer.from(value) : value;
  });
  const offsets = new Int32Array(rows + 1);
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const bytes = new Uint8Array(Buffer.concat(parts));
  const kind = isBinary ? 'binary' : 'text';
  return declaredColumn(name, { kind }, { rows, valid, strings: { offsets, bytes } });
}

/** 128 bits, least significant word first, in two's complement. */
function decimalAt(vector: Vector, row: number): bigint {
  const words = vector.data[0]!.values as Uint32Array;
  let value = 0n;
  for (let k = 3; k >= 0; k--) value = (value << 32n) | BigInt(words[row * 4 + k]!);
  return BigInt.asIntN(128, value);
}
