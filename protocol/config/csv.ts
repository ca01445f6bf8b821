import { Type, type Static } from 'typebox';

/** `csv:` of a dataset: how its CSV files are read. What is absent is detected. */
export const ConfigCsv = Type.Object(
  {
    delimiter: Type.Optional(
      Type.String({
        pattern: '^(?:[\\t\\x20-\\x7e]|tab)$',
        title: 'one ASCII character, or tab',
        description: 'What separates the fields: one character, or tab.',
        examples: [',', ';', 'tab', '|'],
      }),
    ),
    quote: Type.Optional(
      Type.String({
        pattern: '^[\\x20-\\x7e]?$',
        title: 'one ASCII character, or "" for none',
        description: 'What fields are quoted with; "" where nothing is.',
      }),
    ),
    escape: Type.Optional(
      Type.String({
        pattern: '^[\\x20-\\x7e]?$',
        title: 'one ASCII character, or ""',
        description: 'What stands before a quote within quotes; by default the quote itself.',
      }),
    ),
    decimal: Type.Optional(
      Type.Union([Type.Literal('.'), Type.Literal(',')], {
        description: 'What stands before the fraction of a number.',
      }),
    ),
    encoding: Type.Optional(
      Type.String({
        format: 'encoding',
        title: 'an encoding such as utf-8, utf-16le or windows-1252',
        description: 'The encoding of the files.',
        examples: ['utf-8', 'utf-16le', 'windows-1252'],
      }),
    ),
    header: Type.Optional(
      Type.Boolean({ description: 'Whether the first line names the columns.' }),
    ),
    nulls: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 100,
        description: 'Texts that stand for null, beside the empty field.',
        examples: [['N/A', '-']],
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'csv',
    description: 'How CSV files are read; what is absent is detected.',
  },
);
export type ConfigCsv = Static<typeof ConfigCsv>;
