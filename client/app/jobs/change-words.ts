import type { Changes } from '../../../protocol/run.js';
import { formatCount, formatNoun } from '../format.js';

/** What a run changed, one short sentence each. */
export function changeWords(changes: Changes): string[] {
  const { rowsBefore, rowsAfter, rowsAdded, rowsRemoved } = changes;
  const words: string[] = [];
  const difference = rowsAfter - rowsBefore;
  const isCounted = rowsAdded !== undefined || rowsRemoved !== undefined;
  if (isCounted) {
    if (rowsAdded) words.push(`${formatNoun(rowsAdded, 'row')} added`);
    if (rowsRemoved) words.push(`${formatNoun(rowsRemoved, 'row')} removed`);
  } else if (difference !== 0) {
    const sign = difference > 0 ? 'more' : 'fewer';
    words.push(`replaced: ${formatNoun(Math.abs(difference), 'row')} ${sign}`);
  }
  for (const column of changes.columnsAdded) words.push(`column ${column} is new`);
  for (const column of changes.columnsRemoved) words.push(`column ${column} is gone`);
  for (const { column, from, to } of changes.columnsRetyped) {
    words.push(`column ${column} is ${to}, was ${from}`);
  }
  for (const { column, before, after } of changes.categories) {
    words.push(`${column} has ${formatCount(after)} different values, had ${formatCount(before)}`);
  }
  if (words.length > 0) return words;
  return [
    isCounted ? 'No rows came or went' : 'Replaced: as many rows and the same columns as before',
  ];
}
