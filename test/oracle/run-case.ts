import { checkFrame } from './check-frame.js';
import { readFrame } from './read-frame.js';
import type { OracleTable } from './table.js';
import type { OracleCase } from './queries.js';
import type { Product } from './product.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';

/** Asks Halftone and DuckDB the same, and throws where they differ. */
export async function runCase(
  product: Product,
  snapshot: Snapshot,
  table: OracleTable,
  { query, where }: OracleCase,
): Promise<void> {
  const frame = readFrame(await product.frame(snapshot, query));
  const matched = await table.matching(where);
  await checkFrame({ table, query, where, matched, frame });
}
