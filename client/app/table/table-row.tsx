import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import type { RowPages } from './row-pages.js';
import { isSelected, type Selection } from './selection.js';

/** One row of the table: its number, and the cells of the columns in sight. */
export function TableRow({
  id,
  row,
  offset,
  columns,
  firstColumn,
  lefts,
  widths,
  pages,
  selection,
}: {
  /** What the ids of the cells begin with. */
  id: string;
  /** Its place in the order of the table. */
  row: number;
  /** Pixels from the top of the window. */
  offset: number;
  /** The columns in sight, the first of which is number `firstColumn` of all. */
  columns: readonly ColumnInfo[];
  firstColumn: number;
  /** Where each of all columns begins and how wide it is, in pixels. */
  lefts: readonly number[];
  widths: readonly number[];
  pages: RowPages;
  selection: Selection | null;
}): JSX.Element {
  return (
    <div
      class={`table-row${row % 2 ? ' odd' : ''}`}
      role="row"
      aria-rowindex={row + 2}
      style={{ transform: `translateY(${offset}px)` }}
    >
      <div class="table-number" role="rowheader">
        {pages.rowNumber(row) ?? '…'}
      </div>
      {columns.map((column, j) => {
        const at = firstColumn + j;
        const text = pages.cell(row, at);
        return (
          <div
            key={column.name}
            id={`${id}-${row}-${at}`}
            role="gridcell"
            aria-colindex={at + 2}
            aria-selected={isSelected(selection, row, at)}
            data-row={row}
            data-column={at}
            class={`table-cell ${column.kind}${text === null ? ' null' : ''}${
              selection?.focus.row === row && selection.focus.column === at ? ' focus' : ''
            }`}
            style={{ left: `${lefts[at]}px`, width: `${widths[at]}px` }}
          >
            {text === null ? 'null' : (text ?? '')}
          </div>
        );
      })}
    </div>
  );
}
