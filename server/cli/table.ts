/** Lays out rows of cells in columns, two spaces apart; columns named in `right` stand flush right. */
export function layOutTable(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => widthOf(row[i] ?? ''))),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, i) => {
        const padding = ' '.repeat(widths[i]! - widthOf(cell));
        return right.has(i) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

// Counts characters as people see them, not UTF-16 units; wide ones are taken as one.
function widthOf(text: string): number {
  return Array.from(text).length;
}
