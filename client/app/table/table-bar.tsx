import type { JSX } from 'preact';
import type { View } from '../../../protocol/address/view.js';
import { formatCount } from '../format.js';

/** What stands over the table: how many rows it has, in which order, and a field to go to one of them. */
export function TableBar({
  rows,
  total,
  sort,
  onGoTo,
}: {
  /** Rows that match; undefined until that is known. */
  rows: number | undefined;
  total: number;
  sort: View['sort'];
  /** Is called with the place of a row, from 0. */
  onGoTo: (row: number) => void;
}): JSX.Element {
  return (
    <div class="table-bar">
      <h2>Rows</h2>
      <span class="muted">
        {rows === undefined ? '' : `${formatCount(rows)} of ${formatCount(total)}`}
        {sort ? `, by ${sort.column}, ${sort.order === 'desc' ? 'descending' : 'ascending'}` : ''}
      </span>
      <form
        class="go-to"
        onSubmit={(event) => {
          event.preventDefault();
          const field = event.currentTarget.querySelector('input')!;
          if (Number.isFinite(field.valueAsNumber)) onGoTo(field.valueAsNumber);
        }}
      >
        <label>
          <span class="muted">Go to</span>
          <input
            class="field"
            type="number"
            min={0}
            max={Math.max(0, (rows ?? 0) - 1)}
            step={1}
            aria-label="Go to row"
            title="The place in this list, counted from 0 as rows are"
            placeholder={rows ? formatCount(Math.floor(rows / 2)) : ''}
          />
        </label>
      </form>
    </div>
  );
}
