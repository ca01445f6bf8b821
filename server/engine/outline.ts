import { DEFAULT_HEIGHT, DEFAULT_STROKE, DEFAULT_WIDTH } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import type { OutlinePlan } from '../../workers/marks/line/plan.js';
import { unitOf, type Axis, type Ends } from './axis.js';

/** Cells a pixel column, while all series together have no more than `MOST_CELLS`. */
const FINER = 8;
const MOST_CELLS = 2 ** 18;
/** So many rows are looked at within some tens of milliseconds. */
const MOST_SEEN = 65_536;

/** How many cells of its own an outline cuts each pixel column into: a power of two. */
export function finerCells(width: number, series: number): number {
  let finer = FINER;
  while (finer > 1 && width * series * finer > MOST_CELLS) finer /= 2;
  return finer;
}

/** Where a line stands in the picture, as a worker needs it. */
export function outlinePlan(
  query: Query,
  x: Axis,
  ends: Ends,
  { origin, finer }: { origin: number | bigint; finer: number },
): OutlinePlan {
  const logX = x.scale === 'log';
  const place = (end: number | bigint): number => {
    if (typeof end === 'bigint') {
      const unit = unitOf(x.ref);
      return Number(end - BigInt(origin) * unit) / Number(unit);
    }
    return logX ? Math.log10(end) : end - Number(origin);
  };
  return {
    width: query.width ?? DEFAULT_WIDTH,
    height: query.height ?? DEFAULT_HEIGHT,
    stroke: query.stroke ?? DEFAULT_STROKE,
    x: [place(ends[0]), place(ends[1])],
    logX,
    y: endsOfY(query),
    finer,
    mostSeen: MOST_SEEN,
  };
}

/** The ends that the query gives y; what is no interval says nothing. */
function endsOfY({ domain, scale }: Query): [number, number] | null {
  const isLog = scale?.y === 'log';
  const [low, high] = [domain?.y?.[0], domain?.y?.at(-1)].map((end) =>
    isLog ? Math.log10(Number(end ?? NaN)) : Number(end ?? NaN),
  ) as [number, number];
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : null;
}
