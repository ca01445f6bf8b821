import type { Guards } from '../../protocol/schedule.js';
import { HalftoneError } from '../errors.js';
import type { Manifest } from '../snapshots/manifest.js';
import { changesBetween } from './changes.js';

/** Throws REFRESH_REFUSED, with what speaks against it, where a new version may not take the place of the one before. */
export function checkGuards(
  { minRows, maxDrop, schema }: Guards,
  before: Manifest | undefined,
  after: Manifest,
): void {
  const { dataset, rows } = after;
  const refuse = (what: string, guard: string): never => {
    throw new HalftoneError('REFRESH_REFUSED', `The new version of "${dataset}" ${what}.`, {
      hint: `"guards.${guard}" refuses that; what was there goes on answering. Run it with "force" to take it all the same.`,
    });
  };
  if (rows < minRows) refuse(`has ${rows} rows, and ${minRows} are the least`, 'minRows');
  if (before === undefined) return;
  const lost = before.rows - rows;
  if (lost > before.rows * maxDrop) {
    const share = Math.floor((lost / before.rows) * 100);
    refuse(`has ${rows} rows in place of ${before.rows}: ${share} % are gone`, 'maxDrop');
  }
  if (schema === 'accept') return;
  const { columnsAdded, columnsRemoved, columnsRetyped } = changesBetween(before, after);
  if (columnsRemoved.length > 0) refuse(`lacks ${named(columnsRemoved)}`, 'schema');
  const [retyped] = columnsRetyped;
  if (retyped !== undefined) {
    const { column, from, to } = retyped;
    refuse(`has the column "${column}" as ${to}, which was ${from}`, 'schema');
  }
  if (schema === 'same' && columnsAdded.length > 0) {
    refuse(`has ${named(columnsAdded)} beside those that were there`, 'schema');
  }
}

function named(columns: readonly string[]): string {
  const [first] = columns;
  if (columns.length === 1) return `the column "${first}"`;
  return `the columns ${columns
    .slice(0, 5)
    .map((column) => `"${column}"`)
    .join(', ')}${columns.length > 5 ? ` and ${columns.length - 5} more` : ''}`;
}
