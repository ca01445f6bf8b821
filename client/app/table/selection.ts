/** A cell by its place: the row in the order of the table, the column from the left. */
export interface Cell {
  row: number;
  column: number;
}

/** The cells that are selected: from where the selection began to where it is now. */
export interface Selection {
  anchor: Cell;
  focus: Cell;
}

/** The corners of a selection, both inclusive. */
export function cornersOf({ anchor, focus }: Selection): { from: Cell; to: Cell } {
  return {
    from: { row: Math.min(anchor.row, focus.row), column: Math.min(anchor.column, focus.column) },
    to: { row: Math.max(anchor.row, focus.row), column: Math.max(anchor.column, focus.column) },
  };
}

/** True where the cell lies in the selection. */
export function isSelected(selection: Selection | null, row: number, column: number): boolean {
  if (!selection) return false;
  const { from, to } = cornersOf(selection);
  return row >= from.row && row <= to.row && column >= from.column && column <= to.column;
}

/** Where the focus goes at a key, or undefined for keys that are not for moving. */
export function moveFocus(
  { row, column }: Cell,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  rows: number,
  columns: number,
  page: number,
): Cell | undefined {
  const far = event.ctrlKey || event.metaKey;
  const moves: Record<string, Cell> = {
    ArrowDown: { row: far ? rows - 1 : row + 1, column },
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowRight: { row, column: far ? columns - 1 : column + 1 },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  };
  const next = moves[event.key];
  if (!next) return undefined;
  return {
    row: Math.max(0, Math.min(rows - 1, next.row)),
    column: Math.max(0, Math.min(columns - 1, next.column)),
  };
}

/**
 * Cells as tab-separated text, as spreadsheets take them: what holds a tab, a line break or a quote is quoted,
 * a null is empty.
 */
export function toTsv(cells: readonly (readonly (string | null)[])[]): string {
  const quote = (cell: string | null): string =>
    cell === null ? '' : /[\t\n\r"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
  return cells.map((row) => row.map(quote).join('\t')).join('\n');
}
