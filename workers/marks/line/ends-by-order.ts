import type { Span, TableView } from '../../columns.js';
import { matchingRuns, type RunsOf } from '../../order/each-run.js';
import { firstPositive } from '../../order/first-positive.js';
import { RunRanges } from '../../order/run-ranges.js';
import { NOWHERE } from '../../pyramid/ranges.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../../scan/cancel.js';
import { doubleReader } from '../../scan/double-at.js';
import { openSource } from '../../scan/source.js';
import { batchOf, columnOf } from '../../scan/values.js';
import type { Extent, ExtentAxis } from '../extent.js';

/** Asks where the matching rows begin and end that have a place in y. */
export interface EndsByOrderTask extends RunsOf {
  x: ExtentAxis;
  /** The column of y and the pyramids of it; null where every row has a place in some column. */
  y: { column: number; pyramids: readonly (Span | undefined)[] } | null;
  cancel?: CancelWord;
}

export type EndsByOrder =
  { withdrawn: false; extent: Extent; matched: number } | { withdrawn: true };

/** Finds the extent that a scan finds, at the ends of runs. */
export function endsByOrder(task: EndsByOrderTask): EndsByOrder {
  return unlessWithdrawn(() => {
    const { table, x, y, cancel } = task;
    const ranges = y && new RunRanges({ table, ...y });
    let matched = 0;
    let low: number | bigint | undefined;
    let high: number | bigint | undefined;
    for (const runOf of matchingRuns(task, () => checkCancel(cancel))) {
      const { batch, firstRow, order, run, rows } = runOf;
      matched += rows;
      const count = order.placed[run]!;
      const start = x.log ? firstPositive(table, x.column, batch, order, run) : 0;
      if (start === count) continue;
      const base = order.starts[run]!;
      let first = firstRow + order.positions[base + start]!;
      let last = firstRow + order.positions[base + count - 1]!;
      if (ranges !== null) {
        ranges.open(batch, firstRow, order, run);
        first = ranges.firstPoint(start);
        last = ranges.lastPoint(start, count);
        if (first === NOWHERE || last === NOWHERE) continue;
      }
      const read = openX(table, x, batch);
      const [least, greatest] = [read(first - firstRow), read(last - firstRow)];
      if (low === undefined || least < low) low = least;
      if (high === undefined || greatest > high) high = greatest;
    }
    const ends = low === undefined || high === undefined ? undefined : [low, high];
    return {
      withdrawn: false,
      extent: { placeable: ends === undefined ? 0 : 1, ends: [ends as [number, number]] },
      matched,
    };
  });
}

/** Reads the x of a batch as an extent has it. */
function openX(
  table: TableView,
  { column, form }: ExtentAxis,
  batch: number,
): (position: number) => number | bigint {
  const source = openSource(table, batchOf(table, column, batch));
  const { numbers, bigints } = source;
  if (form === 'i64') return (i) => bigints?.[i] ?? BigInt(numbers![i]!);
  const { logical } = columnOf(table, column);
  return doubleReader(source, logical.kind === 'decimal' ? logical.scale : 0);
}
