import { fanOut } from './refresh-fan-out.js';
import { inPlace } from './refresh-in-place.js';
import { randomReads, replacement } from './refresh-reads.js';
import type { RunBench } from './result.js';

/** Data that change under open charts. */
export const run: RunBench = async (report) => {
  for (const part of [fanOut, replacement, randomReads, inPlace]) await part(report);
};
