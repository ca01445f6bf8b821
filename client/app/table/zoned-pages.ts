import type { ColumnInfo } from '../../../protocol/column.js';
import { zonedText } from '../../../protocol/view/zone-clock.js';
import type { RowPages } from './row-pages.js';

/**
 * The pages of a table with instants as the wall of `timeZone` shows them, every digit and the offset: `2025-10-26 02:30:00+01:00`.
 * Times without a zone stay as they are written; without `timeZone` all is in UTC.
 */
export function zonedPages(
  pages: RowPages,
  columns: readonly ColumnInfo[],
  timeZone: string | undefined,
): RowPages {
  if (timeZone === undefined) return pages;
  return {
    ...pages,
    cell(row, column) {
      const text = pages.cell(row, column);
      if (typeof text !== 'string' || columns[column]?.zoned !== true) return text;
      return zonedText(text.replace(' ', 'T'), timeZone).replace('T', ' ');
    },
  };
}
