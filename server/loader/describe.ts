import { HalftoneError } from '../errors.js';
import type { Database } from './database.js';
import { MAX_COLUMNS } from './limits.js';
import { uniqueNames } from './names.js';
import type { PullColumn } from './pull.js';

/** The columns of a query, under the names they have in the snapshot. `source` is named in the refusal of too many. */
export async function describeQuery(
  database: Database,
  sql: string,
  source: string,
): Promise<PullColumn[]> {
  const described = await database.rows(`DESCRIBE ${sql}`);
  if (described.length > MAX_COLUMNS) {
    throw new HalftoneError(
      'SOURCE_TOO_WIDE',
      `${source} has ${described.length} columns; at most ${MAX_COLUMNS} can be loaded.`,
      { hint: 'Choose some with --sql "NAME=SELECT a, b FROM …".' },
    );
  }
  const unique = uniqueNames(described.map(({ column_name: name }) => String(name)));
  return described.map(({ column_type: type }, i) => ({ name: unique[i]!, type: String(type) }));
}
