import { checkFrame } from './check-frame.js';
import { must } from './must.js';
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
  const bytes = await product.frame(snapshot, query);
  if (query.filters !== undefined && query.filters.length > 0) {
    // By the bits of filters that were run before, and anew.
    const again = product.frame(snapshot, query);
    const others = [await again, await product.plainFrame(snapshot, query)];
    must(
      others.every((other) => Buffer.compare(other, bytes) === 0),
      () => 'The frame is another one where filters are run anew.',
    );
  }
  const frame = readFrame(bytes);
  const matched = await table.matching(where);
  await checkFrame({ table, query, where, matched, frame });
}
