import type { Table } from 'apache-arrow';
import type { FrameMetadata, RowCounts } from '../../protocol/frame.js';
import type { AggregateOp } from '../../protocol/query.js';
import { barFacts, chooseBars, type BarOrder } from './choose-bars.js';
import type { Compared } from './compare-cells.js';
import { columnOf, originOf } from './group-columns.js';
import { inOrder, joinGroups, openSide } from './join-groups.js';

export interface GroupsAsk {
  metadata: { ours: FrameMetadata; theirs: FrameMetadata };
  op: AggregateOp;
  bars?: BarOrder;
}

/**
 * The differences of groups with the same key and series: bins, bars, cells, values. Of counts, sums and distinct values
 * what one side lacks is 0; of other aggregates there is no difference to nothing.
 */
export function compareGroups(
  ours: Table,
  theirs: Table,
  { metadata, op, bars }: GroupsAsk,
  check: () => void,
): Compared & { rowCounts?: { ours: RowCounts; theirs: RowCounts } } {
  const names = ours.schema.fields.map(({ name }) => name);
  const sides = [
    openSide(ours, metadata.ours.origin?.x ?? '0'),
    openSide(theirs, metadata.theirs.origin?.x ?? '0'),
  ] as const;
  const joined = joinGroups(sides, check);
  const adds = op === 'count' || op === 'sum' || op === 'distinct';
  for (const one of joined) {
    const [a, b] = [sides[0].value(one.ours), sides[1].value(one.theirs)];
    one.value = adds ? (a ?? 0) - (b ?? 0) : a === null || b === null ? null : a - b;
  }
  check();
  const labels = [...new Set([...sides[0].labels, ...sides[1].labels])];
  const chosen =
    bars === undefined ? inOrder(joined, labels) : chooseBars(joined, bars, adds, labels);
  const columns = names.map((name) => columnOf(name, chosen, { labels, sides }));
  const marks = { marks: chosen.length };
  const origin = originOf(chosen, sides[0]);
  const shared = names.includes('x') ? { origin: { x: String(origin), y: '0' } } : {};
  if (bars === undefined) {
    return { columns, rows: chosen.length, metadata: { ...marks, ...shared } };
  }
  return { columns, rows: chosen.length, ...barFacts(joined, chosen, metadata) };
}
