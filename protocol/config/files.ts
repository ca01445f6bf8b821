import { Type, type Static } from 'typebox';
import { commonOptions, fileOptions } from './common.js';

/** A dataset of files. */
export const FilesDataset = Type.Object(
  {
    files: Type.Union(
      [
        Type.String({ minLength: 1, title: 'a path' }),
        Type.Array(Type.String({ minLength: 1, title: 'a path' }), { minItems: 1 }),
      ],
      {
        title: 'a path, or a list of paths',
        description:
          'Files, folders or globs, relative to the folder of this file: CSV, TSV, Parquet, Arrow, JSON lines.',
        examples: ['trips/*.parquet', ['2024.csv', '2025.csv']],
      },
    ),
    ...fileOptions,
    ...commonOptions,
  },
  { additionalProperties: false, title: 'a dataset', description: 'A dataset of files.' },
);
export type FilesDataset = Static<typeof FilesDataset>;
