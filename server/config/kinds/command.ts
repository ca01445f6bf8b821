import { bytesOf, csvOptionsOf, readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** A program that prints rows, run in the folder of the configuration. */
export const commandSource: MakeSource<'command'> = (dataset, { name, references: { dir } }) => ({
  name,
  kind: 'command',
  files: [],
  united: false,
  csv: csvOptionsOf(dataset),
  strict: dataset.strict ?? false,
  referencesFrom: dir,
  command: {
    argv: dataset.command,
    cwd: dir,
    ...(dataset.env === undefined ? {} : { env: dataset.env }),
    ...(dataset.format === undefined ? {} : { format: dataset.format }),
    ...bytesOf(dataset),
  },
  ...readingOf(dataset),
});
