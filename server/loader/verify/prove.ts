import { readFile } from 'node:fs/promises';
import type { Query } from '../../../protocol/query.js';
import type { Difference } from '../../../protocol/verification.js';
import { queryColumns } from '../../engine/query-columns.js';
import { HalftoneError } from '../../errors.js';
import type { LoadContext } from '../context.js';
import { toRefusal } from '../refusal.js';
import { columnOf, type Claim } from './claim.js';
import { ClaimedFrame } from './claimed-frame.js';
import { Comparison } from './comparison.js';
import { filtersSql } from './filter-sql.js';
import { proveBar } from './marks/bar.js';
import { proveBinnedLine } from './marks/binned-line.js';
import { proveHeatmap } from './marks/heatmap.js';
import { proveHistogram } from './marks/histogram.js';
import { proveLine } from './marks/line.js';
import { proveRows } from './marks/rows.js';
import { proveScatter } from './marks/scatter.js';
import { proveValue } from './marks/value.js';
import { createProofTable } from './proof-table.js';
import type { ClaimedColumn } from './sql-column.js';

/** A frame to be held against its source. */
export interface ClaimTask {
  query: Query;
  /** The columns of the snapshot, in the order of the source. */
  columns: readonly ClaimedColumn[];
  /** The file that holds the frame, as it is sent. */
  frame: string;
}

/** What came of it. */
export interface Proof {
  compared: number;
  differ: number;
  differences: Difference[];
  tolerance: string[];
  shared: string[];
  sql: string[];
  rows: number;
}

/** Computes a frame again by SQL over the source, and compares it number by number. Runs in a loader child. */
export async function prove(context: LoadContext, task: ClaimTask): Promise<Proof> {
  const { query, columns } = task;
  const { signal, source } = context;
  const found = new Comparison();
  try {
    const frame = new ClaimedFrame(await readFile(task.frame));
    const names = queryColumns(query);
    const needed = names === 'all' ? new Set(columns.map(({ name }) => name)) : names;
    const table = await createProofTable(context, columns, needed, (words) => found.share(words));
    const where = filtersSql(query.filters ?? [], {
      column: (name) => columnOf({ table }, name),
      scale: query.scale ?? {},
    });
    await proveMark({ query, frame, table, where, found });
    const { compared, differ, differences, tolerance, shared } = found;
    const { statements, rows } = table;
    return { compared, differ, differences, tolerance, shared, sql: statements, rows };
  } catch (error) {
    if (signal.aborted) {
      throw new HalftoneError('LOAD_CANCELLED', 'The comparison was cancelled.', { cause: error });
    }
    throw toRefusal(error, 'SOURCE_INVALID', source.files[0]);
  }
}

async function proveMark(claim: Claim): Promise<void> {
  const { mark, x } = claim.query;
  switch (mark) {
    case 'scatter':
      return proveScatter(claim);
    case 'line':
      return typeof x === 'object' && !Array.isArray(x) && x.bin !== undefined
        ? proveBinnedLine(claim)
        : proveLine(claim);
    case 'histogram':
      return proveHistogram(claim);
    case 'bar':
      return proveBar(claim);
    case 'heatmap':
      return proveHeatmap(claim);
    case 'value':
      return proveValue(claim);
    case 'rows':
      return proveRows(claim);
  }
}
