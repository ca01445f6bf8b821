import { Type, type Static } from 'typebox';
import { CommandDataset } from './command.js';
import { DuckdbDataset } from './duckdb.js';
import { FilesDataset } from './files.js';
import { PostgresDataset } from './postgres.js';
import { SqlDataset } from './sql.js';
import { UrlDataset } from './url.js';

/** One entry of `datasets:`; the key that its schema is listed under here says of which kind it is. */
export const DATASET_KINDS = {
  files: FilesDataset,
  url: UrlDataset,
  postgres: PostgresDataset,
  duckdb: DuckdbDataset,
  command: CommandDataset,
  sql: SqlDataset,
} as const;
export type DatasetKind = keyof typeof DATASET_KINDS;

export const ConfigDataset = Type.Union(Object.values(DATASET_KINDS), { title: 'a dataset' });
export type ConfigDataset =
  FilesDataset | UrlDataset | PostgresDataset | DuckdbDataset | CommandDataset | SqlDataset;

/** The kind of a dataset, and with it the shape of its options. */
export function kindOfDataset(dataset: object): DatasetKind {
  return (Object.keys(DATASET_KINDS) as DatasetKind[]).find((kind) => kind in dataset)!;
}

export type DatasetOfKind<K extends DatasetKind> = Static<(typeof DATASET_KINDS)[K]>;
