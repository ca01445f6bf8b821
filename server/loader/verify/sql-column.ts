import type { Logical } from '../../../workers/storage.js';
import { quoteName } from '../database.js';

/** A column of the snapshot as it stands in the table that SQL is run over. */
export interface SqlColumn {
  name: string;
  /** Its declared type. */
  type: string;
  logical: Logical;
  /** Its name in SQL, quoted. */
  id: string;
}

/** What the manifest says of a column. */
export type ClaimedColumn = Pick<SqlColumn, 'name' | 'type' | 'logical'>;

/**
 * Names of columns in SQL: their own where they can be. SQL takes "A" and "a" for one name, and `row` is the number of
 * the row here.
 */
export function sqlColumns(columns: readonly ClaimedColumn[]): SqlColumn[] {
  const taken = new Set(['row']);
  return columns.map((column) => {
    let free = column.name;
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${column.name}_${n}`;
    taken.add(free.toLowerCase());
    return { ...column, id: quoteName(free.replaceAll('\0', '\u2400')) };
  });
}

export function isNumber({ logical: { kind } }: SqlColumn): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'decimal';
}

export function isTime({ logical: { kind } }: SqlColumn): boolean {
  return kind === 'time' || kind === 'clock';
}

/** A number as the nearest double: what cells are computed with. */
export function numberSql({ id, logical }: SqlColumn): string {
  if (logical.kind === 'float') return id;
  // DuckDB casts these to a double beside the nearest one; their text becomes the nearest.
  if (logical.kind === 'decimal' || (logical.kind === 'integer' && logical.bits === 128))
    return `(${id}::VARCHAR)::DOUBLE`;
  return `${id}::DOUBLE`;
}

/** A time as the integer that counts the column's unit since 1970, or since midnight. */
export function ticksSql({ id, type, logical }: SqlColumn): string {
  if (type === 'DATE') return `(${id} - DATE '1970-01-01')`;
  const unit = logical.kind === 'time' || logical.kind === 'clock' ? logical.unit : undefined;
  switch (unit) {
    case 's':
      return `(epoch_us(${id}) // 1000000)`;
    case 'ms':
      return `epoch_ms(${id})`;
    case 'us':
      return `epoch_us(${id})`;
    case 'ns':
      return `epoch_ns(${id})`;
    default:
      throw new Error(`A column of the type ${type} has no ticks.`);
  }
}

/** A value in a form that is compared with the frame's: a double of floats, else text. */
export function plainSql(column: SqlColumn): string {
  const { id, logical } = column;
  switch (logical.kind) {
    case 'float':
      return id;
    case 'time':
    case 'clock':
      return `(${ticksSql(column)})::VARCHAR`;
    case 'binary':
      return `to_base64(${id})`;
    default:
      return `${id}::VARCHAR`;
  }
}
