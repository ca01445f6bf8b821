import { HalftoneError } from '../errors.js';
import type { SourceKind } from '../snapshots/manifest.js';
import type { LoadContext, LoadOutcome } from './context.js';
import { loadCsvSource } from './csv/load-csv-source.js';
import { loadJson } from './json/load-json.js';
import { loadParquet } from './parquet/load-parquet.js';
import { discreetReport } from './shape/hidden.js';
import { loadSql } from './sql/load-sql.js';

const LOADERS: Readonly<Partial<Record<SourceKind, Load>>> = {
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
  const outcome = await loadBehind(context, load);
  return { ...outcome, report: discreetReport(outcome.report, context.source) };
}

type Load = (context: LoadContext) => Promise<LoadOutcome>;

/** Reads only what came behind the base, where there is one; whatever stands in the way of that, the source is read whole. */
async function loadBehind(context: LoadContext, load: Load): Promise<LoadOutcome> {
  const { base, signal, onNote, ...whole } = context;
  if (base !== undefined) {
    try {
      return await load(context);
    } catch (error) {
      const isChanged = error instanceof HalftoneError && error.code === 'SOURCE_CHANGED';
      if (signal.aborted || isChanged) throw error;
      onNote?.(`The source was read whole: ${(error as Error).message}`);
    }
  }
  return load({ ...whole, signal, onNote });
}
