import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHalftone, type Halftone } from './halftone.js';
import { shortType } from './short-type.js';
import { TYPES, TYPES_SQL } from './types.js';

let halftone: Halftone;
beforeAll(async () => {
  halftone = await startHalftone({ types: TYPES_SQL });
});
afterAll(() => halftone.close());

const filters = encodeURIComponent(
  JSON.stringify([{ op: 'in', column: 'boolean', values: [true, null] }]),
);
const KEPT = [0, 2, 3];
const exported = async (format: string, more = ''): Promise<Buffer> => {
  const url = `/api/v1/datasets/types/export?format=${format}${more}`;
  const response = await halftone.app.inject({ method: 'GET', url });
  expect(response.statusCode).toBe(200);
  return response.rawPayload;
};

test('an Arrow export gives the declared types', async () => {
  const table = tableFromIPC(new Uint8Array(await exported('arrow')));
  const found = table.schema.fields.map(({ name, type }) => [name, shortType(type)]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(TYPES).map(([name, { as }]) => [name, as])),
  );
  expect(table.numRows).toBe(4);
});

test('a JSON export gives every value as JSON does, and only the matching rows', async () => {
  const rows = JSON.parse(String(await exported('json', `&filters=${filters}`))) as Record<
    string,
    unknown
  >[];
  const wanted = KEPT.map((row) =>
    Object.fromEntries(Object.entries(TYPES).map(([name, { json }]) => [name, json[row]])),
  );
  expect(rows).toEqual(wanted);
  const lines = String(await exported('ndjson', `&filters=${filters}`));
  expect(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(wanted);
});

test('a Parquet export holds the same values of the same types', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'halftone-export-'));
  const path = join(dir, 'types.parquet');
  await writeFile(path, await exported('parquet'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  // What Parquet has no type for is text, or the next finer time.
  const kept: Record<string, string> = {
    huge: 'VARCHAR',
    hugesmall: 'VARCHAR',
    seconds: 'TIMESTAMP',
    millis: 'TIMESTAMP',
    interval: 'VARCHAR',
    uuid: 'VARCHAR',
    enum: 'VARCHAR',
    list: 'VARCHAR',
    struct: 'VARCHAR',
    map: 'VARCHAR',
  };
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`);
  for (const { column_name: name, column_type: type } of described.getRowObjectsJson()) {
    const { type: declared } = TYPES[name as string]!;
    const wanted =
      kept[name as string] ?? declared.replace('TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE');
    expect([name, type]).toEqual([name, wanted]);
  }
  // DuckDB itself says whether they are equal, null and NaN too.
  const same = Object.entries(TYPES)
    .map(
      ([name, { type }]) =>
        `bool_and(a."${name}"::${textOf(type)} IS NOT DISTINCT FROM b."${name}"::${textOf(type)}) AS "${name}"`,
    )
    .join(', ');
  const compared = await connection.runAndReadAll(
    `SELECT ${same} FROM (SELECT row_number() OVER () AS n, * FROM (${TYPES_SQL})) a
     JOIN (SELECT row_number() OVER () AS n, * FROM '${path}') b USING (n)`,
  );
  expect(compared.getRowObjectsJson()[0]).toEqual(
    Object.fromEntries(Object.keys(TYPES).map((name) => [name, true])),
  );
  connection.closeSync();
  instance.closeSync();
  await rm(dir, { recursive: true });
});

test('a CSV export has a header and one line a row', async () => {
  const lines = String(await exported('csv', `&filters=${filters}`)).split('\r\n');
  expect(lines[0]).toBe(Object.keys(TYPES).join(','));
  expect(lines.length).toBe(KEPT.length + 2);
});

// Nested values and those without a type in Parquet are compared as text.
function textOf(type: string): string {
  return /^(HUGEINT|INTERVAL|UUID|ENUM|STRUCT|MAP)|\[\]/.test(type) ? 'VARCHAR' : type;
}
