import type { Subject } from './subject.js';

/** A part of the time from a question to its picture. */
export interface Stage {
  name: string;
  ms: number;
}

/**
 * The time of a picture by stages, in their order. What the server does not account for itself, and the way there and
 * back, is the transfer; without a server's times the frame came out of the browser's memory.
 */
export function stagesOf({ timing }: Pick<Subject, 'timing'>): Stage[] {
  const { queue, compute, encode, total = 0, fetch, decode, draw } = timing;
  const transfer = fetch === undefined ? undefined : Math.max(0, fetch - total);
  return Object.entries({ queue, compute, encode, transfer, decode, draw }).flatMap(([name, ms]) =>
    ms === undefined ? [] : [{ name, ms }],
  );
}
