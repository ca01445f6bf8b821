import { Type, type Static } from 'typebox';
import { commonOptions } from './common.js';

/** A dataset that is computed from others. */
export const SqlDataset = Type.Object(
  {
    sql: Type.String({
      minLength: 1,
      literal: true,
      description: 'One SELECT over other datasets of this file, each a table under its name.',
      examples: ['SELECT city, avg(delay) AS delay FROM flights GROUP BY city'],
    }),
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'A dataset that is computed from others.',
  },
);
export type SqlDataset = Static<typeof SqlDataset>;
