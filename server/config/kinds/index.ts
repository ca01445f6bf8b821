import {
  kindOfDataset,
  type ConfigDataset,
  type DatasetKind,
} from '../../../protocol/config/dataset.js';
import type { DatasetSource } from '../../loader/source.js';
import { commandSource } from './command.js';
import { duckdbSource } from './duckdb.js';
import { filesSource } from './files.js';
import type { KindContext, MakeSource } from './kind.js';
import { postgresSource } from './postgres.js';
import { sqlSource } from './sql.js';
import { urlSource } from './url.js';

/** How each kind of dataset gets its source. */
const KINDS: { [K in DatasetKind]: MakeSource<K> } = {
  files: filesSource,
  url: urlSource,
  postgres: postgresSource,
  duckdb: duckdbSource,
  command: commandSource,
  sql: sqlSource,
};

/** The source of a dataset. Throws a HalftoneError that says why there is none. */
export function sourceOf(dataset: ConfigDataset, context: KindContext): DatasetSource {
  // The kind says which shape the options have.
  const make = KINDS[kindOfDataset(dataset)] as (
    options: ConfigDataset,
    context: KindContext,
  ) => DatasetSource;
  return make(dataset, context);
}
