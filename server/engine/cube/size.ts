import { MAX_CUBE_BYTES } from '../../../protocol/limits.js';
import { sizeOf } from '../../../workers/marks/cube/scan.js';
import { HalftoneError } from '../../errors.js';
import type { Active } from './active.js';
import type { ViewBins } from './view.js';

/** Bytes of one bin at one place, by the aggregate: counts, counts of values, sums and their rests. */
const BYTES = { count: 8, sum: 24, mean: 24, min: 12, max: 12 } as const;

/** The most bytes that the cube of a view takes: all its bins at all places of the active view. */
export function cubeBytes({ width, height }: Active, view: ViewBins): number {
  const places = (width + 1) * (height + 1) + 2;
  const bytes = view.layers.reduce((sum, { aggregate, needs }) => {
    if (aggregate.op === 'count' && aggregate.column === null)
      return sum + (needs === null ? 4 : 8);
    return sum + BYTES[aggregate.op as keyof typeof BYTES];
  }, 0);
  return places * (sizeOf(view) + 3) * bytes;
}

/** The view does not fit beside those before it. */
export function tooLarge(
  active: Active,
  view: ViewBins,
  bytes: number,
  before: number,
): HalftoneError {
  const { width, height } = active;
  const pixels = height === 0 ? `${width} pixels` : `${width} × ${height} cells`;
  const others = before === 0 ? '' : `, beside ${mib(before)} of the views before it`;
  return new HalftoneError(
    'LIMIT_EXCEEDED',
    `A cube of ${pixels} and ${sizeOf(view)} bins may take ${mib(bytes)}${others}: more than the ${mib(MAX_CUBE_BYTES)} of a request.`,
    {
      field: 'views',
      hint: 'Take fewer pixels for the brush, or fewer bins or cells in the view.',
    },
  );
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
