import type { JsonValue } from '../../protocol/column.js';
import type { TableView } from '../columns.js';
import { jsonValue } from '../json-value.js';
import { columnOf } from '../scan/values.js';
import { rowOrder, takeValues } from './take.js';

/** One row, every value of the table's columns exactly as JSON gives it. */
export function jsonRow(table: TableView, row: number): JsonValue[] {
  const order = rowOrder(Uint32Array.of(row), table);
  return table.columns.map((_, column): JsonValue => {
    const { logical } = columnOf(table, column);
    const { valid, stored, strings } = takeValues(table, column, order);
    if (valid[0] === 0) return null;
    if (strings === undefined) return jsonValue(logical, stored!(0));
    return logical.kind === 'binary'
      ? Buffer.from(strings.bytes).toString('base64')
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(strings.bytes);
  });
}
