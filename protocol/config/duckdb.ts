import { Type, type Static } from 'typebox';
import { commonOptions } from './common.js';

/** The result of a query of a DuckDB database file. */
export const DuckdbDataset = Type.Object(
  {
    duckdb: Type.String({
      minLength: 1,
      title: 'a path',
      description: 'A DuckDB database file, relative to the folder of this file; it is only read.',
    }),
    query: Type.Optional(
      Type.String({
        minLength: 1,
        literal: true,
        description: 'One SELECT, run in the database.',
      }),
    ),
    table: Type.Optional(
      Type.String({ minLength: 1, description: 'A table or view, in place of a query.' }),
    ),
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'The result of a query of a DuckDB file.',
  },
);
export type DuckdbDataset = Static<typeof DuckdbDataset>;
