import { RUN_LEAF_ROWS } from '../../../workers/order/ordered-pyramid.js';
import type { IndexOf } from '../../indexes/index-kind.js';
import { orderedPyramidOf, orderOf } from '../../indexes/order.js';
import type { IndexPart } from '../../memory/buffers.js';
import { findAll } from './find-all.js';
import type { OrderedLine } from './ordered-line.js';
import type { Estimate } from './plan.js';
import type { RouteOptions } from './route-options.js';
import type { SortedRoute } from './route-sorted.js';
import { bytesOf, positionOf, sumOf } from './sizes.js';
import { isAscending, quoted } from './sorted-line.js';

/** A line that is looked up in the runs of an order. */
export interface OrderedRoute {
  tier: 'sub-index';
  why: string;
  line: OrderedLine;
  /** The order, and by column of y the pyramid in it; the parts of each by batch. */
  indexes: readonly IndexOf[];
  parts: readonly (readonly IndexPart[])[];
}

/** Nodes that are looked at for one pixel column of a run, on average; each has two doubles. */
const NODES = 30;
const NODE_BYTES = 16;

/** Bytes that are looked up all over memory take so many times as long as those that are read in a row (measured). */
const SCATTERED = 4;

/** The indexes are built where they save reading so much: some ten milliseconds. They take more than four bytes a row. */
const WORTH_BYTES = 40 * 2 ** 20;

/** What the ways to compute a line of runs read. */
export interface OrderedCosts {
  byRuns: Estimate;
  byScan: Estimate;
}

/** Weighs both ways: of every selected run each pixel column has ragged ends and nodes, in every batch where x does not ascend. */
export function weighOrdered(
  { category, x, ys, cells, selected }: OrderedLine,
  batchRows: readonly number[],
): OrderedCosts {
  const rows = sumOf(batchRows);
  const drawn = ys.reduce((sum, { batches }) => sum + bytesOf(batches), 0);
  const columns = [x.ref, ...(category === null ? [] : [category])];
  const others = columns.reduce((sum, { batches }) => sum + bytesOf(batches), 0);
  const stretches = cells * selected * (isAscending(x) ? 1 : batchRows.length);
  const looked = Math.min(rows, stretches * RUN_LEAF_ROWS);
  const bytes =
    looked * (4 + drawn / Math.max(1, rows)) + stretches * ys.length * NODES * NODE_BYTES;
  return { byRuns: { rows: looked, bytes }, byScan: { rows, bytes: drawn + others } };
}

/** Chooses between the runs of an order and a scan; `unsorted` is why it is no line over an x that ascends, of all rows. */
export async function routeOrdered(
  line: OrderedLine,
  unsorted: string,
  { snapshot, batchRows, indexes, force }: RouteOptions,
): Promise<OrderedRoute | SortedRoute> {
  const isForced = force === 'sub-index';
  const { byRuns, byScan } = weighOrdered(line, batchRows);
  const saved = byScan.bytes - byRuns.bytes * SCATTERED;
  if (saved <= 0 && !isForced) {
    const missing = `${placesOf(line)} would take longer to look up than to scan`;
    return { tier: 'scan', why: `${unsorted}; no sub-index: ${missing}`, wants: [], missing };
  }
  const wanted = indexesOf(line, (name) => positionOf(snapshot, name));
  const found = await findAll(wanted, snapshot, indexes, isForced);
  if ('parts' in found) {
    const why = `${placesOf(line)} looked up in ${orderName(line)}`;
    return { tier: 'sub-index', why, line, indexes: wanted, parts: found.parts };
  }
  const { missing } = found;
  const wants = saved >= WORTH_BYTES ? wanted : [];
  return { tier: 'scan', why: `${unsorted}; no sub-index: ${missing}`, wants, missing };
}

function indexesOf({ category, x, ys }: OrderedLine, at: (name: string) => number): IndexOf[] {
  const [first, second] = [category && at(category.name), at(x.ref.name)];
  return [
    orderOf(first, second),
    ...ys.map(({ name }) => orderedPyramidOf(first, second, at(name))),
  ];
}

function placesOf({ category, cells, categories, selected }: OrderedLine): string {
  const columns = `${cells} pixel columns`;
  if (category === null) return columns;
  const all = `${categories} categories`;
  return `${columns} of ${selected === categories ? all : `about ${selected} of ${all}`}`;
}

function orderName({ category, x }: OrderedLine): string {
  const byX = `the order by ${quoted(x.ref.name)}`;
  return category === null
    ? byX
    : `the order by ${quoted(category.name)} and ${quoted(x.ref.name)}`;
}
