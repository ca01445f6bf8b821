import type { Logical } from '../../../workers/storage.js';
import { createArrowTable } from '../arrow/arrow-table.js';
import type { LoadContext } from '../context.js';
import { quoteName, type Database } from '../database.js';
import type { SnapshotInput } from '../source.js';
import { incomplete } from '../write-segments.js';

/**
 * Makes the rows of a snapshot a view under a dataset's name, in their order and in their declared types. Segments are Arrow files; each becomes a table of its own,
 * as their columns differ in width.
 */
export async function createSnapshotView(
  database: Database,
  { name, segments, columns, rows }: SnapshotInput,
  { signal, source: { strict, csv } }: Pick<LoadContext, 'signal' | 'source'>,
): Promise<void> {
  const selects: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const table = `halftone_snapshot ${i} ${name}`;
    const stored = await createArrowTable(
      database,
      table,
      { name, kind: 'arrow', files: [segment], united: false, csv, strict },
      signal,
    );
    const list = columns.map(({ type, logical }, c) =>
      declaredSql(`c${c}`, stored.columns[c]!.load.logical, logical, type),
    );
    selects.push(`SELECT ${list.join(', ')} FROM ${quoteName(table)}`);
  }
  // A snapshot without rows has no segments.
  if (selects.length === 0) {
    selects.push(
      `SELECT ${columns.map(({ type }) => `NULL::${sqlTypeOf(type)}`).join(', ')} LIMIT 0`,
    );
  }
  const view = quoteName(name);
  const names = namesInSql(columns.map((column) => column.name)).map(quoteName);
  await database.sql.run(
    `CREATE VIEW ${view}(${names.join(', ')}) AS ${selects.join(' UNION ALL ')}`,
  );
  const [counted] = await database.rows(`SELECT count(*) AS rows FROM ${view}`);
  const found = Number(counted!['rows']);
  if (found !== rows) throw incomplete(found, rows);
}

/** SQL takes "A" and "a" for one name: the second of them gets a number. */
function namesInSql(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}_${n}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** A stored value as its declared type: what was narrowed or scaled is a plain integer on the disk. */
function declaredSql(column: string, stored: Logical, declared: Logical, type: string): string {
  // A column without a single value is stored as none.
  if (stored.kind === 'text' && declared.kind !== 'text') return `NULL::${sqlTypeOf(type)}`;
  switch (declared.kind) {
    case 'text':
      return `${column}::VARCHAR`;
    case 'binary':
    case 'boolean':
      return column;
    case 'integer':
    case 'float':
      return `${column}::${sqlTypeOf(type)}`;
    case 'decimal':
      return stored.kind === 'decimal'
        ? `${column}::${sqlTypeOf(type)}`
        : `(${column}::VARCHAR || 'e-${declared.scale}')::${sqlTypeOf(type)}`;
    case 'time': {
      const time = stored.kind === 'time' ? column : timeOf(column, declared.unit);
      return `${time}::${sqlTypeOf(type)}`;
    }
    case 'clock':
      return stored.kind === 'clock'
        ? `${column}::${sqlTypeOf(type)}`
        : clockOf(column, declared.unit);
  }
}

/** A type that a cast takes: texts that DuckDB has other types for are text here. */
function sqlTypeOf(type: string): string {
  return /^[A-Z_ ]+(?:\(\d+, ?\d+\))?$/u.test(type) ? type : 'VARCHAR';
}

function timeOf(column: string, unit: string): string {
  const count = `${column}::BIGINT`;
  switch (unit) {
    case 'day':
      return `(DATE '1970-01-01' + ${column}::INTEGER)`;
    case 's':
      return `make_timestamp(${count} * 1000000)`;
    case 'ms':
      return `make_timestamp_ms(${count})`;
    case 'ns':
      return `make_timestamp_ns(${count})`;
    default:
      return `make_timestamp(${count})`;
  }
}

function clockOf(column: string, unit: string): string {
  if (unit !== 'ns') return `(TIME '00:00:00' + to_microseconds(${column}::BIGINT))`;
  const [seconds, rest] = [`${column}::BIGINT // 1000000000`, `${column}::BIGINT % 1000000000`];
  const text = `printf('%02d:%02d:%02d.%09d', (${seconds}) // 3600, ((${seconds}) // 60) % 60, (${seconds}) % 60, ${rest})`;
  return `CASE WHEN ${column} IS NOT NULL THEN ${text}::TIME_NS END`;
}
