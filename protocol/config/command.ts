import { Type, type Static } from 'typebox';
import { commonOptions, fileOptions } from './common.js';

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
