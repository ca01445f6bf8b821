import type { Query } from '../../protocol/query.js';
import type { MarkedFrame } from '../../workers/scan/mark.js';
import type { ColumnScope } from './columns.js';
import type { SortRef } from './page.js';
import type { LineFacts } from './plan/sorted-line.js';
import type { TiledFacts } from './plan/route-tiles.js';
import type { Run } from './run.js';

/** Computes a frame with scans over the columns that were asked for. */
export type Compute = (run: Run) => Promise<MarkedFrame>;

/** A line, which may be had without a scan. */
export interface LineCompute {
  compute: Compute;
  line: LineFacts;
}

/** A page of rows in the order of columns, of which the first may have a sort index. */
export interface PageCompute {
  compute: Compute;
  by: SortRef;
}

/** A scatter, which may be had from tiles. */
export interface TiledCompute {
  compute: Compute;
  tiled: TiledFacts;
}

/**
 * How one mark answers a query: at once it checks the query against the columns, names those it reads (by
 * `scope.use`) and throws what the caller got wrong; what it returns runs when the columns are in memory.
 */
export type MarkEngine = (
  query: Query,
  scope: ColumnScope,
) => Compute | LineCompute | PageCompute | TiledCompute;
