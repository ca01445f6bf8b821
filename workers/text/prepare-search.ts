import type { TableView } from '../columns.js';
import { columnOf } from '../scan/values.js';
import { foldedDictionary } from './cache.js';

export interface PrepareSearchTask {
  table: TableView;
  column: number;
}

/** Makes what this thread keeps for searches in a column with a dictionary, before anybody waits for one. */
export function prepareSearch({ table, column }: PrepareSearchTask): void {
  const { dictionary } = columnOf(table, column);
  if (dictionary !== undefined) foldedDictionary(table, dictionary);
}
