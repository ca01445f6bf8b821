import { formatCount } from '../format.js';
import type { RowPages } from './row-pages.js';
import { cornersOf, toTsv, type Selection } from './selection.js';

/** More cells than this are for the export, not for the clipboard. */
const MAX_COPY = 100_000;

/** The selected cells as text, or a sentence why not. */
export function selectedText(
  selection: Selection,
  pages: RowPages,
): { text: string; cells: number } | string {
  const { from, to } = cornersOf(selection);
  const cells = (to.row - from.row + 1) * (to.column - from.column + 1);
  if (cells > MAX_COPY)
    return `${formatCount(cells)} cells are too many to copy: download the CSV instead`;
  const lines: (string | null)[][] = [];
  for (let row = from.row; row <= to.row; row++) {
    const line: (string | null)[] = [];
    for (let column = from.column; column <= to.column; column++) {
      const cell = pages.cell(row, column);
      if (cell === undefined)
        return 'Not all selected rows are loaded: scroll through them once, or download the CSV';
      line.push(cell);
    }
    lines.push(line);
  }
  return { text: toTsv(lines), cells };
}
