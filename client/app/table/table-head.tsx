import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { kindWord } from '../../../protocol/view/columns.js';
import { Icon } from '../icon.js';

/** The head of a column: its name, and a click for each order in turn. */
export function TableHead({
  column,
  index,
  left,
  width,
  order,
  onSort,
}: {
  column: ColumnInfo;
  index: number;
  left: number;
  width: number;
  order: 'asc' | 'desc' | undefined;
  onSort: (order: 'asc' | 'desc' | undefined) => void;
}): JSX.Element {
  const next = order === undefined ? 'asc' : order === 'asc' ? 'desc' : undefined;
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : 'none'}
      class={`table-column ${column.kind}`}
      style={{ left: `${left}px`, width: `${width}px` }}
    >
      <button
        type="button"
        title={`${kindWord(column)}, ${column.type}. Click to sort.`}
        onClick={() => onSort(next)}
      >
        <span>{column.name}</span>
        {order && (
          <span class={`order ${order}`}>
            <Icon name="chevron" size={12} />
          </span>
        )}
      </button>
    </div>
  );
}
