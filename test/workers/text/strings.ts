import type { Strings } from '../../../workers/select/strings.js';

/** Strings as a dictionary holds them. */
export function stringsOf(values: readonly string[]): Strings {
  const parts = values.map((value) => new TextEncoder().encode(value));
  const offsets = new Int32Array(values.length + 1);
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const bytes = new Uint8Array(offsets[values.length]!);
  for (const [i, part] of parts.entries()) bytes.set(part, offsets[i]);
  return { offsets, bytes };
}

/** Strings that are hard to tell apart: short, with a common beginning, of one to four bytes a character. */
export function hostileStrings(count: number, seed: number): string[] {
  let state = seed;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const alphabet = [
    'a',
    'A',
    'b',
    '\0',
    'é',
    'É',
    'ß',
    'ẞ',
    'K',
    'k',
    '😀',
    '\uffff',
    'ſ',
    's',
    'Ⱥ',
    'ⱥ',
  ];
  return Array.from({ length: count }, () => {
    const start = random(3) === 0 ? 'aaaaaaaaaa' : '';
    return (
      start + Array.from({ length: random(6) }, () => alphabet[random(alphabet.length)]).join('')
    );
  });
}
