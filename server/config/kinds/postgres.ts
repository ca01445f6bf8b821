import { HalftoneError } from '../../errors.js';
import { checkAddress } from '../../loader/follow-references.js';
import { hasReference } from '../references.js';
import { readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** What a query to PostgreSQL gives. */
export const postgresSource: MakeSource<'postgres'> = (dataset, { name, references: { dir } }) => {
  const { postgres, query, appendBy, hide = [] } = dataset;
  const where = typeof postgres === 'string' ? { url: postgres } : postgres;
  if (typeof postgres === 'string' && !hasReference(postgres)) {
    checkAddress(name, postgres, /^postgres(?:ql)?:$/u, 'a postgres:// address');
  }
  if (appendBy !== undefined && hide.includes(appendBy)) {
    throw new HalftoneError(
      'CONFIG_INVALID',
      `"${name}" hides "${appendBy}", and is to be appended by it.`,
      {
        hint: 'The last value of that column is kept with each snapshot. Show it, or append by another.',
      },
    );
  }
  return {
    name,
    kind: 'postgres',
    files: [],
    united: false,
    csv: {},
    strict: false,
    referencesFrom: dir,
    postgres: { ...where, query, ...(appendBy === undefined ? {} : { appendBy }) },
    ...readingOf(dataset),
  };
};
