import { expect, test } from 'vitest';
import { foldBytes, foldStrings, foldTable } from '../../../workers/text/fold.js';
import { hostileStrings, stringsOf } from './strings.js';

const fold = (text: string): string =>
  new TextDecoder().decode(foldBytes(new TextEncoder().encode(text)));

test('folds what simple case folding makes equal, and nothing else', () => {
  expect(fold('HALFTONE')).toBe(fold('halftone'));
  expect(fold('ÀÉÖ Straẞe')).toBe(fold('àéö STRAßE'));
  // The Kelvin sign, the long s, the final sigma, Cherokee, Deseret, Adlam.
  for (const pair of ['\u212ak', 'ſS', 'ςΣ', 'ϐβ', 'Ᏸᏸ', '𐐀𐐨', '𞤀𞤢', 'Ⱥⱥ']) {
    const [a, b] = Array.from(pair);
    expect([a, fold(a!)]).toEqual([a, fold(b!)]);
  }
  // Full folding would make these equal, Turkish rules those.
  expect(fold('ß')).not.toBe(fold('ss'));
  expect(fold('ﬁ')).not.toBe(fold('fi'));
  expect(fold('I')).not.toBe(fold('ı'));
  expect(fold('İ')).not.toBe(fold('i'));
});

test('has the classes of regular expressions with the flags iu for every code point that folds', () => {
  const table = foldTable();
  let folding = 0;
  for (const [point, representative] of table.entries()) {
    if (point === representative) continue;
    folding++;
    const same = new RegExp(`^\\u{${point.toString(16)}}$`, 'iu');
    expect(same.test(String.fromCodePoint(representative))).toBe(true);
  }
  expect(folding).toBeGreaterThan(1400);
});

test('leaves no letter of either case out', () => {
  const table = foldTable();
  for (let point = 0; point < 0x11_0000; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      const points = Array.from(other);
      if (points.length !== 1 || other === character) continue;
      if (!new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(other)) continue;
      expect([point, table[point]]).toEqual([point, table[other.codePointAt(0)!]]);
    }
  }
});

test('never makes text longer, and folds strings one by one as it folds them alone', () => {
  const values = hostileStrings(500, 3);
  const strings = stringsOf(values);
  const folded = foldStrings(strings, 10, 400);
  for (let i = 0; i < 390; i++) {
    const bytes = folded.bytes.subarray(folded.offsets[i], folded.offsets[i + 1]);
    expect(new TextDecoder().decode(bytes)).toBe(fold(values[10 + i]!));
    expect(bytes.length).toBeLessThanOrEqual(new TextEncoder().encode(values[10 + i]).length);
  }
  expect(foldStrings(strings, 5, 5).offsets).toEqual(Int32Array.of(0));
});
