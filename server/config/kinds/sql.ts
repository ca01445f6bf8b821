import { inputsOf } from '../check-inputs.js';
import { readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/** A SELECT over the snapshots of other datasets. */
export const sqlSource: MakeSource<'sql'> = (dataset, { name, names }) => ({
  name,
  kind: 'sql',
  files: [],
  united: false,
  csv: {},
  strict: false,
  sql: {
    query: dataset.sql,
    inputs: [],
    over: inputsOf(dataset.sql, names),
    ...(dataset.params === undefined ? {} : { parameters: dataset.params }),
  },
  ...readingOf(dataset),
});
