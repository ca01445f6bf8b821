import { tableFromIPC as flechetteTable } from '@uwdata/flechette';
import { tableFromIPC } from 'apache-arrow';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FieldColumn } from '../../../server/snapshots/arrow-field.js';
import type { EncodedColumn, EncodedDictionary } from '../../../server/snapshots/encoded-column.js';
import type { BufferRef, ManifestSegment } from '../../../server/snapshots/manifest.js';
import { SegmentWriter } from '../../../server/snapshots/segment-writer.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'halftone-segment-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const bytes = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const COLUMNS: readonly FieldColumn[] = [
  { name: 'small', type: 'BIGINT', logical: { kind: 'integer', bits: 64, signed: true } },
  {
    name: 'at',
    type: 'TIMESTAMP WITH TIME ZONE',
    logical: { kind: 'time', unit: 'us', zoned: true },
  },
  { name: 'who', type: 'VARCHAR', logical: { kind: 'text' } },
  { name: 'flag', type: 'BOOLEAN', logical: { kind: 'boolean' } },
  { name: 'free', type: 'VARCHAR', logical: { kind: 'text' } },
  { name: 'none', type: 'INTEGER', logical: { kind: 'integer', bits: 32, signed: true } },
];

const NAMES: EncodedDictionary = {
  size: 2,
  // Longer than it is used, as the arrays of a growing dictionary are.
  offsets: Int32Array.of(0, 4, 7, 0, 0),
  bytes: new TextEncoder().encode('Zoëann and more'),
};

function batch(width: 'int8' | 'int16' = 'int8'): EncodedColumn[] {
  return [
    {
      storage: width,
      nulls: 1,
      validity: Uint8Array.of(0b101),
      data: bytes(width === 'int8' ? Int8Array.of(1, 0, -3) : Int16Array.of(1, 0, -300)),
      min: -3,
      max: 1,
    },
    {
      storage: 'int64',
      nulls: 0,
      data: bytes(BigInt64Array.of(0n, 1n, 1_000_000n)),
      min: 0n,
      max: 1_000_000n,
    },
    { storage: 'dict8', nulls: 0, data: Uint8Array.of(1, 0, 1) },
    { storage: 'bool', nulls: 0, data: Uint8Array.of(0b110) },
    {
      storage: 'utf8',
      nulls: 0,
      offsets: Int32Array.of(0, 1, 1, 4),
      data: new TextEncoder().encode('a日'),
    },
    { storage: 'null', nulls: 3 },
  ];
}

function write(...batches: EncodedColumn[][]): ManifestSegment[] {
  const writer = new SegmentWriter({ dir, columns: COLUMNS, dictionary: () => NAMES });
  for (const columns of batches) writer.append(3, columns);
  return writer.finish();
}

describe('a segment', () => {
  test('opens in two other Arrow readers with the same values', () => {
    const [segment] = write(batch(), batch());
    const file = readFileSync(join(dir, segment!.file));
    expect(file.length).toBe(segment!.bytes);
    const arrow = tableFromIPC(file);
    expect(arrow.numRows).toBe(6);
    expect(arrow.batches.length).toBe(2);
    expect([...arrow.getChild('small')!]).toEqual([1, null, -3, 1, null, -3]);
    expect([...arrow.getChild('who')!]).toEqual(['ann', 'Zoë', 'ann', 'ann', 'Zoë', 'ann']);
    expect([...arrow.getChild('flag')!]).toEqual([false, true, true, false, true, true]);
    expect([...arrow.getChild('free')!]).toEqual(['a', '', '日', 'a', '', '日']);
    expect([...arrow.getChild('none')!]).toEqual([null, null, null, null, null, null]);
    expect(arrow.schema.fields[1]!.type.toString()).toBe('Timestamp<MICROSECOND, UTC>');
    expect(arrow.schema.fields[0]!.metadata.get('halftone.type')).toBe('BIGINT');
    const flechette = flechetteTable(file);
    for (const name of ['small', 'who', 'flag', 'free', 'none']) {
      expect([...flechette.getChild(name)!]).toEqual([...arrow.getChild(name)!]);
    }
  });

  test('names every buffer with its place, aligned to 64 bytes, and its checksum', () => {
    const [segment] = write(batch());
    const file = readFileSync(join(dir, segment!.file));
    const refs: BufferRef[] = segment!.batches.flatMap(({ columns }) =>
      columns.flatMap(({ validity, offsets, data }) =>
        [validity, offsets, data].filter((ref) => ref !== undefined),
      ),
    );
    const { offsets, bytes: values } = segment!.columns[2]!.dictionary!;
    expect(refs.length).toBe(7);
    for (const ref of [...refs, offsets, values, segment!.schema, segment!.footer]) {
      expect(crc32(file.subarray(ref.offset, ref.offset + ref.length))).toBe(ref.crc32);
    }
    for (const ref of [...refs, offsets, values]) expect(ref.offset % 64).toBe(0);
    expect(new Uint8Array(file.subarray(offsets.offset, offsets.offset + offsets.length))).toEqual(
      new Uint8Array(Int32Array.of(0, 4, 7).buffer),
    );
  });

  test('ends where a column changes its width, with a dictionary of its own', () => {
    const segments = write(batch(), batch('int16'), batch('int16'));
    expect(segments.map(({ batches }) => batches.length)).toEqual([1, 2]);
    expect(segments[1]!.columns[0]!.storage).toBe('int16');
    expect(segments.every(({ columns }) => columns[2]!.dictionary?.size === 2)).toBe(true);
    expect([
      ...tableFromIPC(readFileSync(join(dir, segments[1]!.file))).getChild('small')!,
    ]).toEqual([1, null, -300, 1, null, -300]);
  });

  test('stays readable when a dictionary outgrows the room that was kept for it', () => {
    let names = NAMES;
    const writer = new SegmentWriter({ dir, columns: COLUMNS, dictionary: () => names });
    writer.append(3, batch());
    const many = Array.from({ length: 3000 }, (_, i) => `a longer name ${i}`);
    names = {
      size: many.length,
      offsets: Int32Array.from([0, ...many.map((_, i) => many.slice(0, i + 1).join('').length)]),
      bytes: new TextEncoder().encode(many.join('')),
    };
    writer.append(3, batch());
    const [segment] = writer.finish();
    const file = readFileSync(join(dir, segment!.file));
    expect(file.length).toBe(segment!.bytes);
    const who = [1, 0, 1, 1, 0, 1].map((code) => many[code]);
    expect([...tableFromIPC(file).getChild('who')!]).toEqual(who);
    expect([...flechetteTable(file).getChild('who')!]).toEqual(who);
    expect([...tableFromIPC(file).getChild('free')!]).toEqual(['a', '', '日', 'a', '', '日']);
    const { data } = segment!.batches[1]!.columns[0]!;
    expect(crc32(file.subarray(data!.offset, data!.offset + data!.length))).toBe(data!.crc32);
  });

  test('keeps the extremes of a batch: integers as strings, doubles as numbers', () => {
    const [segment] = write(batch());
    expect(segment!.batches[0]!.columns[0]).toMatchObject({ nulls: 1, min: '-3', max: '1' });
  });

  test('is not written at all without rows', () => {
    expect(write()).toEqual([]);
  });
});
