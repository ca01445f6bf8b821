import { Type, type Static } from 'typebox';
import { commonOptions } from './common.js';
import { SecretText } from './words.js';

/** The result of a query of a PostgreSQL database. */
export const PostgresDataset = Type.Object(
  {
    postgres: SecretText({
      description: 'The database: postgres://user:${env:PGPASSWORD}@host:5432/database',
    }),
    query: Type.String({
      minLength: 1,
      literal: true,
      description: 'One SELECT, run in the database.',
    }),
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'The result of a query of a PostgreSQL database.',
  },
);
export type PostgresDataset = Static<typeof PostgresDataset>;
