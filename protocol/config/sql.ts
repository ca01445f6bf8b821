import { Type, type Static } from 'typebox';
import { Parameter } from '../parameters.js';
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
    params: Type.Optional(
      Type.Record(Type.String(), Parameter, {
        title: 'params',
        description: 'Values that who asks may choose, each as $name in the SQL.',
        examples: [{ region: { type: 'text', default: 'West' } }],
      }),
    ),
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'A dataset that is computed from others.',
  },
);
export type SqlDataset = Omit<Static<typeof SqlDataset>, 'params'> & {
  params?: Record<string, Parameter>;
};
