import { parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HalftoneError } from '../../../server/errors.js';
import { createTestLoader, loadHere, loadInto, sourceOf, temporaryFolder } from './load-file.js';
import { readSnapshot } from './read-snapshot.js';

// Files that none of us wrote. They stand beside the checkout, or these tests are skipped.
const CORPORA = resolve(import.meta.dirname, '../../../../shared/corpora');
const BAD = join(CORPORA, 'parquet-testing/bad_data');
const GOOD = join(CORPORA, 'parquet-testing/data');
const TWINS = join(CORPORA, 'hyparquet/test/files');

const parquetFiles = (dir: string): string[] =>
  existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.parquet')) : [];
const missing = !existsSync(CORPORA);
if (missing) console.log('Skipped: ../shared/corpora is not here.');

// Dozens of processes are started: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());
afterAll(() => loader.close());

async function outcome(path: string): Promise<Record<string, unknown[]> | HalftoneError> {
  const out = join(folder.dir, 'out');
  mkdirSync(out, { recursive: true });
  try {
    return readSnapshot(out, await loadInto(loader, out, sourceOf('parquet', [path])));
  } catch (error) {
    if (!(error instanceof HalftoneError)) throw error;
    expect(readdirSync(out)).toEqual([]);
    return error;
  }
}

test.skipIf(missing).each(parquetFiles(BAD))(
  'refuses %s in a sentence that names it',
  async (name) => {
    const error = await outcome(join(BAD, name));
    expect(error).toBeInstanceOf(HalftoneError);
    const { code, message } = error as HalftoneError;
    expect(code).toBe('SOURCE_CORRUPT');
    expect(message).toMatch(new RegExp(`^${name} .*\\.$`));
  },
);

test
  .skipIf(missing)
  .each(existsSync(GOOD) ? readdirSync(GOOD).filter((name) => name.endsWith('.encrypted')) : [])(
  'says of %s that it is encrypted',
  async (name) => {
    expect(await outcome(join(GOOD, name))).toMatchObject({
      code: 'SOURCE_ENCRYPTED',
      message: expect.stringContaining(name) as string,
    });
  },
);

test.skipIf(missing)(
  'reads a column whose dictionary codes have no bits, with a warning, where others have theirs',
  async () => {
    const path = join(folder.dir, 'two.parquet');
    writeFileSync(path, besideNumbers(readFileSync(join(BAD, 'ARROW-GH-43605.parquet'))));
    const out = join(folder.dir, 'out');
    mkdirSync(out);
    const outcome = await loadHere(out, sourceOf('parquet', [path]));
    const { min_fl: constant, n } = readSnapshot(out, outcome);
    expect(new Set(constant)).toEqual(new Set([0]));
    expect(n).toEqual(Array.from(n!, (_, i) => i));
    expect(outcome.report.warnings).toMatchObject([{ code: 'PARQUET_CODES', column: 'min_fl' }]);
  },
);

/** The one column of a Parquet file, and beside it a sound one: the number of the row. */
function besideNumbers(bad: Buffer): Buffer {
  const metadata = parquetMetadata(Uint8Array.from(bad).buffer);
  const rows = Number(metadata.num_rows);
  const numbers = Int32Array.from({ length: rows }, (_, i) => i);
  const sound = parquetWriteBuffer({
    columnData: [{ name: 'n', data: numbers }],
    rowGroupSize: rows,
  });
  const other = parquetMetadata(sound);
  const end = (bytes: Uint8Array): number =>
    bytes.length - 8 - Buffer.from(bytes).readUInt32LE(bytes.length - 8);
  const writer = new ByteWriter();
  writer.appendBytes(bad.subarray(0, end(bad)));
  const moved = writer.offset - 4;
  writer.appendBytes(new Uint8Array(sound).subarray(4, end(new Uint8Array(sound))));
  const group = metadata.row_groups[0]!;
  for (const { meta_data: meta } of other.row_groups[0]!.columns) {
    meta!.data_page_offset += BigInt(moved);
    if (meta!.dictionary_page_offset) meta!.dictionary_page_offset += BigInt(moved);
    group.columns.push({ file_offset: 0n, meta_data: meta! });
  }
  metadata.schema[0]!.num_children = 2;
  // The writer does not write this part of the schema back; the older `converted_type` says the same.
  delete metadata.schema[1]!.logical_type;
  metadata.schema.push(other.schema[1]!);
  writeMetadata(writer, metadata);
  writer.appendBytes(Buffer.from('PAR1'));
  return Buffer.from(writer.getBuffer());
}

/** What DuckDB 1.5.5 cannot decode: the old LZ4 framing, and split bytes of other types than floats. */
const UNREADABLE = new Set([
  'byte_stream_split_extended.gzip.parquet',
  'hadoop_lz4_compressed.parquet',
]);

test.skipIf(missing).each([...UNREADABLE])('says that %s cannot be read', async (name) => {
  const message = expect.stringContaining(name) as string;
  expect(await outcome(join(TWINS, name))).toMatchObject({ message });
});

/** These are sound files, and what they hold is in question, not the cage: no process is started for each. */
async function valuesOf(path: string): Promise<Record<string, unknown[]>> {
  const out = join(folder.dir, 'out');
  mkdirSync(out);
  return readSnapshot(out, await loadHere(out, sourceOf('parquet', [path])));
}

const readable = parquetFiles(TWINS).filter((name) => !UNREADABLE.has(name));
test.skipIf(missing).each(readable)('reads %s as its JSON twin says', async (name) => {
  const found = await valuesOf(join(TWINS, name));
  const twin = JSON.parse(
    readFileSync(join(TWINS, name.replace(/\.parquet$/, '.json')), 'utf8'),
  ) as Record<string, unknown>[];
  const columns = Object.values(found);
  expect(columns[0]?.length ?? 0).toBe(twin.length);
  const names = Object.keys(found);
  twin.forEach((row, i) => {
    const values = Object.values(row);
    // Keys of a nested or renamed column do not match one to one.
    for (const [k, key] of Object.keys(row).entries()) {
      if (!names.includes(key)) continue;
      expectSame(values[k], found[key]![i], `${name} ${key} row ${i}`);
    }
  });
});

/** Twins hold numbers as JSON has them, bytes as Latin-1 or UTF-8 text, and nested values as JSON, where we give text. */
function expectSame(twin: unknown, value: unknown, where: string): void {
  if (twin === null || twin === undefined) expect([null, 'NaN'], where).toContain(value);
  else if (typeof twin === 'boolean') expect(value, where).toBe(twin);
  else if (typeof twin === 'number') {
    // Decimals come as strings; floats of 32 bits were printed with fewer digits.
    const close = Math.abs(Number(value) - twin) <= Math.abs(twin) * 1e-7;
    expect(Number(value) === twin || close, `${where}: ${String(value)} for ${twin}`).toBe(true);
  } else if (typeof twin === 'string') {
    const text = String(value);
    const forms = [
      text,
      Buffer.from(text, 'base64').toString('latin1'),
      Buffer.from(text, 'base64').toString('utf8'),
    ];
    const isSameTime = Date.parse(text.endsWith('Z') ? text : `${text}Z`) === Date.parse(twin);
    expect(isSameTime || forms.includes(twin), `${where}: ${text} for ${twin}`).toBe(true);
  }
}
