import { basename, relative, sep } from 'node:path';
import { quoteName, quoteText } from './database.js';

// Under a name that no file uses; it is selected as `filename`.
const FILE_COLUMN = 'halftone:filename';

/**
 * What several files that are one dataset need beside their own columns: options for DuckDB's readers, and what to
 * select. `filename` is the path below `root`, with `/`; `key=value` folders below `root` become columns, those above
 * it do not. `where` leaves all files but `only` out.
 */
export function unitedOptions(
  files: readonly string[],
  root: string | undefined,
  only?: readonly string[],
): { options: string; select: string; where: string } {
  const below = files.map((file) => (root === undefined ? basename(file) : relative(root, file)));
  const keys = partitionKeys(below[0]!);
  const isPartitioned =
    keys.length > 0 && below.every((path) => partitionKeys(path).join('\n') === keys.join('\n'));
  const above = root === undefined || !isPartitioned ? [] : partitionKeys(`${root}${sep}x`);
  const surplus = above.filter((key) => !keys.includes(key));
  const exclude = [FILE_COLUMN, ...surplus].map(quoteName).join(', ');
  const prefix = root === undefined ? '' : root.endsWith(sep) ? root : root + sep;
  const name =
    root === undefined
      ? `regexp_extract(${quoteName(FILE_COLUMN)}, '[^/\\\\]*$')`
      : `replace(substr(${quoteName(FILE_COLUMN)}, ${Array.from(prefix).length + 1}), '\\', '/')`;
  return {
    options: [
      'union_by_name = true',
      `filename = ${quoteText(FILE_COLUMN)}`,
      `hive_partitioning = ${isPartitioned}`,
    ].join(', '),
    select: `* EXCLUDE (${exclude}), ${name} AS filename`,
    where:
      only === undefined
        ? ''
        : ` WHERE ${quoteName(FILE_COLUMN)} IN (${only.map(quoteText).join(', ')})`,
  };
}

function partitionKeys(path: string): string[] {
  return path
    .split(sep)
    .slice(0, -1)
    .filter((folder) => /^[^=]+=/.test(folder))
    .map((folder) => folder.slice(0, folder.indexOf('=')));
}
