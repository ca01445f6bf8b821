import type { FrameMetadata, Margin } from '../../protocol/frame.js';
import { marginOfEach, marginOfTotal, type Replicates } from './margins.js';
import type { Sample } from './sample.js';

/** What a mark found of each part of a sample. */
export interface Evidence {
  /** Rows drawn, by part. */
  drawn: readonly number[];
  /** What is counted, and in words what one of them is: `cell`, `bin`. */
  counts?: { each: string; of: Replicates };
  /** The margin of the values, in their unit. */
  value?: number;
  /** What else is to be known, as a part of a sentence. */
  caution?: string;
}

/** What a frame says of how true it is. */
export type Certificate = Pick<FrameMetadata, 'exact' | 'bound' | 'estimated' | 'share' | 'margin'>;

/** Without a sample every number is the true one; with one it is told how far they may be off. */
export function certificateOf(sample: Sample | undefined, evidence: () => Evidence): Certificate {
  if (sample === undefined) return { exact: true };
  const { drawn, counts, value, caution } = evidence();
  const { read, weight, matched, share } = sample;
  const rows = (of: number): number => Math.ceil(of);
  const margin: Margin = {
    matched: rows(marginOfTotal(matched, read, weight)),
    drawn: rows(marginOfTotal(drawn, read, weight)),
    ...(counts && { count: rows(marginOfEach(counts.of, weight)) }),
    ...(value !== undefined && Number.isFinite(value) && { value }),
  };
  const sure = [
    `rows drawn ±${margin.drawn}`,
    ...(counts ? [`every ${counts.each} ±${margin.count} rows`] : []),
    // What counts rows says the same twice.
    ...(margin.value === undefined || Math.ceil(margin.value) === margin.count
      ? []
      : [`${counts ? `every value` : 'the value'} ±${shown(margin.value)}`]),
  ].join(', ');
  const bound = [
    `1 row in ${Number(weight.toPrecision(3))} was read`,
    `with 95 % confidence ${sure}`,
    ...(caution === undefined ? [] : [caution]),
  ].join('; ');
  return { exact: false, estimated: true, share, bound, margin };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
