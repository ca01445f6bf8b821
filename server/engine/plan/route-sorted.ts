import { LEAF_ROWS } from '../../../workers/pyramid/pyramid.js';
import type { IndexOf } from '../../indexes/index-kind.js';
import { pyramidOf } from '../../indexes/pyramid.js';
import type { IndexPart } from '../../memory/buffers.js';
import { reachOfLine, type LineReach } from './batches.js';
import { findAll } from './find-all.js';
import type { Estimate } from './plan.js';
import type { RouteOptions } from './route-options.js';
import { bytesOf, positionOf, sumOf } from './sizes.js';
import { quoted, type SortedLine } from './sorted-line.js';

/** How a line is computed whose rows are not looked up in an order. */
export type SortedRoute =
  | { tier: 'scan'; why: string; wants: readonly IndexOf[]; missing?: string }
  | {
      tier: 'range';
      why: string;
      wants: readonly IndexOf[];
      /** Why there is no pyramid, where one would have been better. */
      missing?: string;
      reach: LineReach;
      line: SortedLine;
    }
  | {
      tier: 'pyramid';
      why: string;
      reach: LineReach;
      line: SortedLine;
      /** By column of y its pyramid, and the parts of that by batch. */
      indexes: readonly IndexOf[];
      parts: readonly (readonly IndexPart[])[];
    };

/** Nodes of a pyramid that are looked at for one pixel column, on average; each has two doubles. */
const NODES = 30;
const NODE_BYTES = 16;

/** A pyramid is built where it saves reading so much: a millisecond. */
export const WORTH_BYTES = 4 * 2 ** 20;

/** What the ways to compute a sorted line read: rows of the domain found by their x, or nodes of pyramids. */
export interface LineCosts {
  reach: LineReach;
  byRows: Estimate;
  byNodes: Estimate;
}

/** Weighs the ways to compute a line by the bytes of y that would be read. */
export function weighLine(line: SortedLine, batchRows: readonly number[]): LineCosts {
  const reach = reachOfLine(line, batchRows);
  const rowBytes =
    line.ys.reduce((sum, { batches }) => sum + bytesOf(batches), 0) / sumOf(batchRows);
  const leafRows = line.cells * LEAF_ROWS;
  return {
    reach,
    byRows: { rows: reach.rows, bytes: reach.rows * rowBytes },
    byNodes: {
      rows: leafRows,
      bytes: leafRows * rowBytes + line.cells * line.ys.length * NODES * NODE_BYTES,
    },
  };
}

/** Chooses how a line of all rows over an x that ascends is computed by the bytes of y that would be read. */
export async function routeSorted(
  line: SortedLine,
  { snapshot, batchRows, indexes, threads, force }: RouteOptions,
): Promise<SortedRoute> {
  if (force === 'scan') return { tier: 'scan', why: 'asked for', wants: [] };
  const { reach, byRows, byNodes } = weighLine(line, batchRows);
  const range = { tier: 'range', reach, line } as const;
  if (line.needsEveryRow) {
    return { ...range, why: 'every row of the domain, found by its x', wants: [] };
  }
  if (force === 'range' || (force === undefined && byRows.bytes <= byNodes.bytes)) {
    return { ...range, why: 'the rows of the domain alone, found by their x', wants: [] };
  }
  const pyramids = line.ys.map(({ name }) => pyramidOf(positionOf(snapshot, name)));
  const isForced = force === 'pyramid';
  const found = await findAll(pyramids, snapshot, indexes, isForced);
  if ('parts' in found) {
    const of =
      line.ys.length === 1
        ? `the pyramid of ${quoted(line.ys[0]!.name)}`
        : `the pyramids of ${line.ys.length} columns`;
    const why = `${line.cells} pixel columns looked up in ${of}`;
    return { tier: 'pyramid', why, reach, line, indexes: pyramids, parts: found.parts };
  }
  const wants = byRows.bytes - byNodes.bytes >= WORTH_BYTES ? pyramids : [];
  const { missing } = found;
  const why = `no pyramid: ${missing}`;
  // One thread looks rows up, all of them scan.
  return reach.rows * threads <= sumOf(batchRows)
    ? { ...range, why: `the rows of the domain alone; ${why}`, wants, missing }
    : { tier: 'scan', why, wants, missing };
}
