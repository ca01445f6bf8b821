import { checkAddress } from '../../loader/follow-references.js';
import { hasReference } from '../references.js';
import { readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** What a query to PostgreSQL gives. */
export const postgresSource: MakeSource<'postgres'> = (dataset, { name, references: { dir } }) => {
  const { postgres, query } = dataset;
  const where = typeof postgres === 'string' ? { url: postgres } : postgres;
  if (typeof postgres === 'string' && !hasReference(postgres)) {
    checkAddress(name, postgres, /^postgres(?:ql)?:$/u, 'a postgres:// address');
  }
  return {
    name,
    kind: 'postgres',
    files: [],
    united: false,
    csv: {},
    strict: false,
    referencesFrom: dir,
    postgres: { ...where, query },
    ...readingOf(dataset),
  };
};
