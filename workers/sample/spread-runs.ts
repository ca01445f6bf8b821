import type { Stretch } from '../scan/stretch.js';

/** Which rows a sample reads. */
export interface Spread {
  /** Rows of a run; short, so that many places of the table are seen. */
  runRows: number;
  /** One run of so many is taken. */
  stride: number;
  seed: number;
}

/** One of the parts of a sample: the strata go round them, so that each is a sample of everything. */
export interface SpreadPart extends Spread {
  part: number;
  parts: number;
}

/**
 * Takes one run of neighbouring rows out of each stratum of `stride` of them, by the hash of the stratum's number: every
 * row is read with the same chance, 1 in `stride`, and every part of the table has its share. The same arguments give
 * the same rows, whatever part of a picture is looked at.
 */
export function spreadRuns(
  stretches: readonly Stretch[],
  { runRows, stride, seed, part = 0, parts = 1 }: Spread & Partial<SpreadPart>,
): Stretch[] {
  const chosen: Stretch[] = [];
  /** Runs before the present stretch. */
  let before = 0;
  let stratum = part;
  let next = stratum * stride + placeIn(stratum, stride, seed);
  for (const { batch, from, to, firstRow } of stretches) {
    const runs = Math.ceil((to - from) / runRows);
    while (next < before + runs) {
      const start = from + (next - before) * runRows;
      const end = Math.min(to, start + runRows);
      chosen.push({ batch, from: start, to: end, firstRow: firstRow + (start - from) });
      stratum += parts;
      next = stratum * stride + placeIn(stratum, stride, seed);
    }
    before += runs;
  }
  return chosen;
}

// The mixing of MurmurHash3: neighbouring numbers have nothing in common afterwards.
function placeIn(stratum: number, stride: number, seed: number): number {
  let hash = Math.imul(stratum ^ seed, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4_eb2f);
  return ((hash ^ (hash >>> 15)) >>> 0) % stride;
}

/** A number for a text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash;
}
