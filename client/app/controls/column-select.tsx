import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { kindWord } from '../../../protocol/view/columns.js';

/** A dropdown of columns; `none` is the words of an empty choice, where there is one. */
export function ColumnSelect({
  id,
  columns,
  value,
  none,
  ariaLabel,
  onChoose,
}: {
  id: string;
  columns: readonly ColumnInfo[];
  value: string | undefined;
  none?: string | undefined;
  ariaLabel?: string | undefined;
  onChoose: (name: string | undefined) => void;
}): JSX.Element {
  const index = columns.findIndex((column) => column.name === value);
  // Positions stand for names: a column may be named like the empty choice.
  return (
    <select
      id={id}
      class="field"
      aria-label={ariaLabel}
      value={String(index)}
      onChange={(event) => onChoose(columns[Number(event.currentTarget.value)]?.name)}
    >
      {(none !== undefined || index < 0) && <option value="-1">{none ?? 'Choose a column'}</option>}
      {columns.map((column, at) => (
        <option key={column.name} value={String(at)} title={`${kindWord(column)}, ${column.type}`}>
          {column.name === '' ? '(no name)' : column.name}
        </option>
      ))}
    </select>
  );
}
