import type { OffsetPlan } from '../../workers/marks/scatter/plan.js';
import type { CellAxisPlan } from '../../workers/scan/axis.js';

/** A float32 has a precision of 2^-24, so values up to this many spans from 0 err by less than 1/16 pixel of 8,192. */
const MAX_SPANS_FROM_ZERO = 64;
const FLOAT32_MAX = 3.4e38;
/** The least positive float32: below it, steps are as coarse as this. */
const FLOAT32_STEP = 2 ** -149;

/**
 * How the values of an axis travel as points. Float32 offsets from 0 where the numbers are not much greater than
 * the span they are drawn over; from the low end of the domain, rounded, where they are; from 0 on a log axis. Float64
 * where a float32 would show: more than 1/16 of a pixel off, or out of its range.
 */
export function chooseOffsets(axis: CellAxisPlan): OffsetPlan {
  if (axis.scale === 'time') return { origin: axis.edges[0]!, bits: 32 };
  const { low, high, width } = axis;
  const greatest = Math.max(Math.abs(low), Math.abs(high));
  const pixel = (high - low) / width;
  if (axis.scale === 'log') {
    const decadesAPixel = (Math.log10(high) - Math.log10(low)) / width;
    // A relative error of 2^-24 is 2^-24 / ln 10 decades.
    const fits =
      greatest < FLOAT32_MAX && low > 2 ** -126 && decadesAPixel / 16 > 2 ** -24 / Math.LN10;
    return { origin: 0, bits: fits ? 32 : 64 };
  }
  if (pixel / 16 <= FLOAT32_STEP || high - low > FLOAT32_MAX) return { origin: 0, bits: 64 };
  if (greatest <= MAX_SPANS_FROM_ZERO * (high - low)) {
    return greatest < FLOAT32_MAX ? { origin: 0, bits: 32 } : { origin: 0, bits: 64 };
  }
  return { origin: roundedDown(low, high - low), bits: 32 };
}

// A short number near the low end: a multiple of the power of ten below the span.
function roundedDown(low: number, span: number): number {
  const step = 10 ** Math.floor(Math.log10(span));
  const origin = Math.floor(low / step) * step;
  return Number.isFinite(origin) ? origin : low;
}
