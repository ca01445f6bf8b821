/**
 * The ends of a scale on which `middle` is in the middle: as far to both sides as the number that is furthest from it. Null is
 * zero where the numbers lie on both sides of it, else halfway between them.
 */
export function endsAround(min: number, max: number, middle: number | null): [number, number] {
  const at = middle ?? (min < 0 && max > 0 ? 0 : min + (max - min) / 2);
  const reach = Math.max(at - min, max - at);
  return [at - reach, at + reach];
}
