import type { FrameMetadata } from '../../../protocol/frame.js';
import { numbersOf, type DecodedFrame } from '../../data/frame.js';

/** One bar of a histogram; its ends are numbers, or milliseconds since 1970 on a time column. */
export interface Bin {
  lo: number;
  hi: number;
  count: number;
}

/** The bins of a histogram's frame. */
export function readBins(frame: DecodedFrame): Bin[] {
  const scale = millisPer(frame.metadata.unit.x);
  const [lo, hi, count] = ['lo', 'hi', 'count'].map((name) => numbersOf(frame, name));
  return Array.from({ length: frame.length }, (_, i) => ({
    lo: Number(lo![i]) * scale,
    hi: Number(hi![i]) * scale,
    count: Number(count![i]),
  }));
}

const MILLIS: Readonly<Record<string, number>> = {
  day: 86_400_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

const millisPer = (unit: FrameMetadata['unit']['x']): number => (unit && MILLIS[unit]) ?? 1;
