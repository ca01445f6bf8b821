import { isUtf8 } from 'node:buffer';
import { ArrowFault } from './arrow-fault.js';
import type { LaneRows, TextRows } from '../staging.js';
import type { ArrowVector } from './vector.js';

/** Turns rows `from` to `to` of a vector into the layout of a lane; what it returns is good until the vector goes. */
export type ReadRows = (vector: ArrowVector, from: number, to: number) => LaneRows;

/** One byte a row, 1 is valid; nothing without nulls. */
export function validityOf({ validity }: ArrowVector, from: number, to: number) {
  if (validity === undefined) return {};
  const valid = new Uint8Array(to - from);
  for (let row = from; row < to; row++) {
    valid[row - from] = (validity[row >>> 3]! >>> (row & 7)) & 1;
  }
  return { valid };
}

/** Values that lie as the lane has them. */
export function readPlain(width: number): ReadRows {
  return (vector, from, to) => ({
    data: vector.data.subarray(from * width, to * width),
    ...validityOf(vector, from, to),
  });
}

export const readBits: ReadRows = (vector, from, to) => {
  const { data: bits } = vector;
  const data = new Uint8Array(to - from);
  for (let row = from; row < to; row++) data[row - from] = (bits[row >>> 3]! >>> (row & 7)) & 1;
  return { data, ...validityOf(vector, from, to) };
};

/** A column without any value. */
export const readNulls: ReadRows = (_vector, from, to) => ({
  data: new Uint8Array((to - from) * 4),
  valid: new Uint8Array(to - from),
});

type Values =
  | Int16Array
  | Int32Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Values that are converted one by one; `convert` is not asked for nulls. */
export function readEach<T extends Values>(
  create: (rows: number) => T,
  convert: (vector: ArrowVector) => (row: number) => T[number],
): ReadRows {
  return (vector, from, to) => {
    const { valid } = validityOf(vector, from, to);
    const at = convert(vector);
    const values = create(to - from);
    for (let row = from; row < to; row++) {
      if (valid === undefined || valid[row - from] === 1) values[row - from] = at(row);
    }
    return {
      data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      ...(valid === undefined ? {} : { valid }),
    };
  };
}

/** Texts with offsets: neighbours lie side by side, so that they can be taken in one piece. */
export function readTexts(isText: boolean): ReadRows {
  return (vector, from, to) => {
    const { data, offsets } = vector;
    const rows = to - from;
    const first = offsets![from]!;
    const starts = new Int32Array(rows);
    const lengths = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      starts[i] = offsets![from + i]! - first;
      lengths[i] = offsets![from + i + 1]! - first - starts[i]!;
    }
    const { valid } = validityOf(vector, from, to);
    const bytes = data.subarray(first, offsets![to]);
    const texts = { starts, lengths, bytes, ...(valid === undefined ? {} : { valid }) };
    if (isText) checkUtf8(texts);
    return texts;
  };
}

/**
 * Texts with views. A view is 16 bytes:
 *   0: int32 length
 *   4: the bytes themselves, up to 12 of them, or the first four
 *   8: int32 buffer, for longer ones
 *  12: int32 where in it
 */
export function readViews(isText: boolean): ReadRows {
  return (vector, from, to) => {
    const words = new Int32Array(vector.data.buffer, vector.data.byteOffset, vector.rows * 4);
    const { valid } = validityOf(vector, from, to);
    return gather(to - from, valid, isText, (i) => {
      const row = from + i;
      const length = words[row * 4]!;
      if (length < 0) throw new ArrowFault('the length of a text is damaged', row);
      if (length <= 12) return [vector.data, row * 16 + 4, length];
      const bytes = vector.buffers![words[row * 4 + 2]!];
      const at = words[row * 4 + 3]!;
      if (bytes === undefined || at < 0 || at + length > bytes.length) {
        throw new ArrowFault('a text lies outside of its buffers', row);
      }
      return [bytes, at, length];
    });
  };
}

/** Bytes of one width. */
export function readFixedBytes(width: number): ReadRows {
  return (vector, from, to) => {
    const rows = to - from;
    return {
      starts: Int32Array.from({ length: rows }, (_, i) => i * width),
      lengths: new Int32Array(rows).fill(width),
      bytes: vector.data.subarray(from * width, to * width),
      ...validityOf(vector, from, to),
    };
  };
}

/** Values of any kind as the text that `textOf` makes of them. */
export function readAsText(textOf: (vector: ArrowVector, row: number) => string): ReadRows {
  return (vector, from, to) => {
    const { valid } = validityOf(vector, from, to);
    return gather(to - from, valid, false, (i) => {
      const bytes = Buffer.from(textOf(vector, from + i));
      return [bytes, 0, bytes.length];
    });
  };
}

/** Codes of a dictionary whose values `readValues` reads. They are read once, for all batches that use them. */
export function readDictionary(codeBytes: number, signed: boolean, readValues: ReadRows): ReadRows {
  const known = new WeakMap<object, LaneRows>();
  return (vector, from, to) => {
    const { chunks } = vector.dictionary!;
    let values = known.get(chunks);
    if (values === undefined) {
      values = concatenate(chunks.map((chunk) => readValues(chunk, 0, chunk.rows)));
      known.set(chunks, values);
    }
    const size = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
    const { valid = new Uint8Array(to - from).fill(1) } = validityOf(vector, from, to);
    const codes = codesOf(vector, codeBytes, signed, from, to, valid, size);
    for (let i = 0; i < codes.length; i++) valid[i]! &= values.valid?.[codes[i]!] ?? 1;
    if ('data' in values) return { data: take(values.data, codes, size), valid };
    return takeTexts(values, codes, valid);
  };
}

function codesOf(
  { data }: ArrowVector,
  bytes: number,
  signed: boolean,
  from: number,
  to: number,
  valid: Uint8Array,
  size: number,
): Float64Array {
  const codes = new Float64Array(to - from);
  const { buffer, byteOffset } = data as Uint8Array<ArrayBuffer>;
  const all = signed
    ? bytes === 1 ? new Int8Array(buffer, byteOffset) : bytes === 2 ? new Int16Array(buffer, byteOffset, data.length >>> 1)
      : bytes === 4 ? new Int32Array(buffer, byteOffset, data.length >>> 2) : new BigInt64Array(buffer, byteOffset, data.length >>> 3)
    : bytes === 1 ? new Uint8Array(buffer, byteOffset) : bytes === 2 ? new Uint16Array(buffer, byteOffset, data.length >>> 1)
      : bytes === 4 ? new Uint32Array(buffer, byteOffset, data.length >>> 2) : new BigUint64Array(buffer, byteOffset, data.length >>> 3); // prettier-ignore
  for (let row = from; row < to; row++) {
    if (valid[row - from] === 0) continue;
    const code = Number(all[row]);
    if (!(code >= 0 && code < size)) {
      throw new ArrowFault(`its dictionary has ${size} values, not ${code + 1}`, row);
    }
    codes[row - from] = code;
  }
  return codes;
}

function take(data: Uint8Array, codes: Float64Array, size: number): Uint8Array {
  const width = size === 0 ? 0 : data.length / size;
  const taken = new Uint8Array(codes.length * width);
  for (let i = 0; i < codes.length; i++) {
    const from = codes[i]! * width;
    for (let byte = 0; byte < width; byte++) taken[i * width + byte] = data[from + byte]!;
  }
  return taken;
}

/** All texts of the dictionary in one piece where that is less than the rows' own, else each where it is used. */
function takeTexts(texts: TextRows, codes: Float64Array, valid: Uint8Array): LaneRows {
  let total = 0;
  for (let i = 0; i < codes.length; i++) total += valid[i]! * (texts.lengths[codes[i]!] ?? 0);
  if (texts.bytes.length > total) {
    const { starts, lengths, bytes } = texts;
    return gather(codes.length, valid, false, (i) => [
      bytes,
      starts[codes[i]!]!,
      lengths[codes[i]!]!,
    ]);
  }
  const starts = new Int32Array(codes.length);
  const lengths = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    if (valid[i] === 0) continue;
    starts[i] = texts.starts[codes[i]!]!;
    lengths[i] = texts.lengths[codes[i]!]!;
  }
  return { starts, lengths, bytes: texts.bytes, valid };
}

/** Rows one behind the other; of one kind, as one reader made them. */
export function concatenate(parts: readonly LaneRows[]): LaneRows {
  const [first] = parts;
  if (first === undefined) return { data: new Uint8Array(0) };
  if (parts.length === 1) return first;
  const rowsOf = (part: LaneRows): number =>
    'lengths' in part ? part.lengths.length : (part.valid?.length ?? 0);
  const isNullable = parts.some(({ valid }) => valid !== undefined);
  const join = (pieces: readonly Uint8Array[]): Uint8Array => {
    const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  };
  const valid = isNullable
    ? { valid: join(parts.map((part) => part.valid ?? new Uint8Array(rowsOf(part)).fill(1))) }
    : {};
  if ('data' in first) {
    return { data: join(parts.map((part) => ('data' in part ? part.data : NOTHING))), ...valid };
  }
  const texts = parts.filter((part) => 'lengths' in part);
  let before = 0;
  const starts = texts.flatMap(({ starts: own, bytes }) => {
    const shifted = Array.from(own, (start) => start + before);
    before += bytes.length;
    return shifted;
  });
  return {
    starts: Int32Array.from(starts),
    lengths: Int32Array.from(texts.flatMap(({ lengths }) => [...lengths])),
    bytes: join(texts.map(({ bytes }) => bytes)),
    ...valid,
  };
}

const NOTHING = new Uint8Array(0);

/** Brings texts from anywhere together. */
function gather(
  rows: number,
  valid: Uint8Array | undefined,
  isText: boolean,
  at: (i: number) => readonly [bytes: Uint8Array, from: number, length: number],
): TextRows {
  const starts = new Int32Array(rows);
  const lengths = new Int32Array(rows);
  let bytes = new Uint8Array(rows * 16);
  let used = 0;
  for (let i = 0; i < rows; i++) {
    if (valid !== undefined && valid[i] === 0) continue;
    const [source, from, length] = at(i);
    if (used + length > bytes.length) {
      const grown = new Uint8Array(Math.max(used + length, bytes.length * 2));
      grown.set(bytes.subarray(0, used));
      bytes = grown;
    }
    if (length > 64) bytes.set(source.subarray(from, from + length), used);
    else for (let byte = 0; byte < length; byte++) bytes[used + byte] = source[from + byte]!;
    starts[i] = used;
    lengths[i] = length;
    used += length;
  }
  const texts = { starts, lengths, bytes: bytes.subarray(0, used), ...(valid && { valid }) };
  if (isText) checkUtf8(texts);
  return texts;
}

/**
 * Throws at the first text that is no UTF-8. Texts that lie side by side are UTF-8 where all of them are together and none begins
 * within a character; only where that fails, as unused bytes may lie between them, each is looked at.
 */
function checkUtf8({ starts, lengths, bytes, valid }: TextRows): void {
  if (isUtf8(bytes) && starts.every((start) => (bytes[start] ?? 0) >>> 6 !== 2)) return;
  for (let i = 0; i < starts.length; i++) {
    if (valid !== undefined && valid[i] === 0) continue;
    if (!isUtf8(bytes.subarray(starts[i], starts[i]! + lengths[i]!))) {
      throw new ArrowFault('its text is no UTF-8', i);
    }
  }
}
