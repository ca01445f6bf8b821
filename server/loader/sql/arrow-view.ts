import type { Finding } from '../../../protocol/dataset.js';
import { createArrowTable } from '../arrow/arrow-table.js';
import type { LoadContext } from '../context.js';
import { quoteName, type Database } from '../database.js';
import { toRefusal } from '../refusal.js';
import type { DatasetSource } from '../source.js';

/** Makes an Arrow dataset a view under its name, instants with their zone again. Gives the warnings. */
export async function createArrowView(
  database: Database,
  input: DatasetSource,
  { signal }: Pick<LoadContext, 'signal'>,
): Promise<Finding[]> {
  const table = `halftone_arrow ${input.name}`;
  try {
    const { columns, warnings } = await createArrowTable(database, table, input, signal);
    const list = columns.map(({ name, load: { logical } }, i) => {
      const cast = logical.kind === 'time' && logical.zoned ? '::TIMESTAMPTZ' : '';
      return `c${i}${cast} AS ${quoteName(name)}`;
    });
    await database.sql.run(
      `CREATE VIEW ${quoteName(input.name)} AS SELECT ${list.join(', ')} FROM ${quoteName(table)}`,
    );
    return warnings;
  } catch (error) {
    throw toRefusal(error, 'SOURCE_INVALID', input.files[0]);
  }
}
