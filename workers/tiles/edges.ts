/** Rows that are looked at for each strip. */
export const SAMPLES_A_STRIP = 4;

/**
 * Cuts keys from `least` to `greatest` into strips of about as many each, by some of them, which are sorted. A value that would
 * fill strips of its own has one of them alone, whatever stands above it. `edges` is one longer than the strips.
 */
export function chooseEdges(
  sample: BigInt64Array,
  [least, greatest]: readonly [bigint, bigint],
  edges: BigInt64Array,
): void {
  const strips = edges.length - 1;
  edges.fill(greatest);
  edges[0] = least;
  for (let i = 1; i < strips && sample.length > 0; i++) {
    edges[i] = sample[Math.floor((i * sample.length) / strips)]!;
  }
  // The last of equal edges begins above them, so that the strip before it holds that one value.
  for (let i = 1; i < strips; i++) {
    const edge = edges[i]!;
    if (edges[i - 1] === edge && edges[i + 1]! > edge) edges[i] = edge + 1n;
  }
}
