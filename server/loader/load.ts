import { HalftoneError } from '../errors.js';
import type { SourceKind } from '../snapshots/manifest.js';
import type { LoadContext, LoadOutcome } from './context.js';
import { loadCsvSource } from './csv/load-csv-source.js';
import { loadJson } from './json/load-json.js';
import { loadParquet } from './parquet/load-parquet.js';
import { discreetReport } from './shape/hidden.js';
import { loadSql } from './sql/load-sql.js';

const LOADERS: Readonly<
  Partial<Record<SourceKind, (context: LoadContext) => Promise<LoadOutcome>>>
> = {
  csv: loadCsvSource,
  parquet: loadParquet,
  json: loadJson,
  sql: loadSql,
  duckdb: async (context) => (await import('./duckdb/load-duckdb.js')).loadDuckdb(context),
  // Its reader is half of a loader's code, and no other kind needs it.
  arrow: async (context) => (await import('./arrow/load-arrow.js')).loadArrow(context),
};

/** Loads a source of any kind into segments. Runs in a loader child. */
export async function loadSource(context: LoadContext): Promise<LoadOutcome> {
  const { kind, name } = context.source;
  const load = LOADERS[kind];
  if (load === undefined) {
    throw new HalftoneError(
      'SOURCE_KIND_UNKNOWN',
      `"${name}" is of a kind that cannot be loaded: ${kind}.`,
    );
  }
  const outcome = await load(context);
  return { ...outcome, report: discreetReport(outcome.report, context.source) };
}
