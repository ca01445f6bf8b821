import type { ColumnInfo } from '../../../protocol/column.js';

/** Wide enough for what the kind needs and the name, within reason. */
export function widthOf(column: ColumnInfo): number {
  const byKind = {
    number: 96,
    time: column.unit === 'day' ? 100 : 172,
    clock: 96,
    text: 150,
    boolean: 76,
    binary: 150,
  };
  return Math.min(280, Math.max(byKind[column.kind], column.name.length * 7.5 + 36));
}
