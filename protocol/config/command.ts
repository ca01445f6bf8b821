import { Type, type Static } from 'typebox';
import { commonOptions, fileOptions, pulledOptions } from './common.js';
import { SecretText } from './words.js';

/** What a command writes to its stdout. */
export const CommandDataset = Type.Object(
  {
    command: Type.Array(Type.String(), {
      minItems: 1,
      title: 'a list: the program and its arguments',
      description:
        'A program and its arguments, run in the folder of this file; its stdout is CSV, Parquet, Arrow or JSON lines.',
      examples: [['python', 'pull.py']],
    }),
    env: Type.Optional(
      Type.Record(
        Type.String(),
        SecretText({ description: 'A variable that the program sees beside the usual ones.' }),
        {
          title: 'variables',
          description: 'Variables that the program sees beside the usual ones; they may be secret.',
          examples: [{ API_KEY: '${env:API_KEY}' }],
        },
      ),
    ),
    ...pulledOptions,
    ...fileOptions,
    ...commonOptions,
  },
  {
    additionalProperties: false,
    title: 'a dataset',
    description: 'What a command writes to its stdout.',
  },
);
export type CommandDataset = Static<typeof CommandDataset>;
