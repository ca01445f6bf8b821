import { Type, type Static } from 'typebox';
import { commonOptions } from './common.js';
import { SecretText } from './words.js';

/** The result of a query of a PostgreSQL database. */
export const PostgresDataset = Type.Object(
  {
    postgres: Type.Union(
      [
        SecretText({
          description: 'The database: postgres://user:${env:PGPASSWORD}@host:5432/database',
        }),
        Type.Object(
          {
            host: Type.Optional(Type.String({ minLength: 1 })),
            port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
            user: Type.Optional(Type.String({ minLength: 1 })),
            password: Type.Optional(SecretText({ description: 'The password of the user.' })),
            database: Type.Optional(Type.String({ minLength: 1 })),
          },
          { additionalProperties: false, title: 'postgres' },
        ),
      ],
      {
        title: 'an address, or host, port, user, password and database',
        description:
          'The database. What is absent is taken from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE and ~/.pgpass.',
      },
    ),
    query: Type.String({
      minLength: 1,
      literal: true,
      description: 'One SELECT, run in the database.',
    }),
    appendBy: Type.Optional(
      Type.String({
        minLength: 1,
        literal: true,
        description:
          'A column whose values only rise with new rows, of rows that never change: a run reads only those behind the last it has.',
      }),
    ),
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'The result of a query of a PostgreSQL database.',
  },
);
export type PostgresDataset = Static<typeof PostgresDataset>;
