import type { ColumnInfo } from '../../../protocol/column.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';

/** What differs between two snapshots of a dataset, as far as their descriptions tell. */
export interface WhatChanged {
  rows: { before: number; after: number };
  added: readonly string[];
  removed: readonly string[];
  retyped: readonly { column: string; before: string; after: string }[];
  /** Columns whose least or greatest value is another. */
  extents: readonly { column: string; before: string; after: string }[];
  /** Columns with more or fewer nulls. */
  nulls: readonly { column: string; before: number; after: number }[];
}

type Described = Pick<DatasetInfo, 'rows' | 'columns'>;

export function whatChanged(before: Described, after: Described): WhatChanged {
  const old = new Map(before.columns.map((column) => [column.name, column]));
  const now = new Map(after.columns.map((column) => [column.name, column]));
  const both = after.columns.flatMap((column) => {
    const earlier = old.get(column.name);
    return earlier === undefined ? [] : [{ column: column.name, from: earlier, to: column }];
  });
  const same = both.filter(({ from, to }) => from.type === to.type);
  return {
    rows: { before: before.rows, after: after.rows },
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    retyped: both
      .filter(({ from, to }) => from.type !== to.type)
      .map(({ column, from, to }) => ({ column, before: from.type, after: to.type })),
    extents: same
      .map(({ column, from, to }) => ({ column, before: extentOf(from), after: extentOf(to) }))
      .filter((change) => change.before !== change.after),
    nulls: same
      .map(({ column, from, to }) => ({ column, before: from.nulls, after: to.nulls }))
      .filter((change) => change.before !== change.after),
  };
}

const extentOf = ({ min, max }: ColumnInfo): string =>
  min === null || max === null ? 'no values' : `${String(min)} to ${String(max)}`;
