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

test('folds ASCII as toLowerCase does, from any byte on and up to any', () => {
  const all = String.fromCharCode(...Array(128).keys());
  const strings = stringsOf([all, 'a', 'BC', 'Def', 'GHIJ', all, '@[`{', 'Z']);
  const { length } = strings.offsets;
  for (let from = 0; from < length - 1; from++) {
    for (let to = from; to < length; to++) {
      const { offsets, bytes } = foldStrings(strings, from, to);
      const text = new TextDecoder().decode(
        strings.bytes.subarray(strings.offsets[from], strings.offsets[to]),
      );
      expect(new TextDecoder().decode(bytes)).toBe(text.toLowerCase());
      expect([...offsets]).toEqual(
        [...strings.offsets.subarray(from, to + 1)].map((at) => at - strings.offsets[from]!),
      );
    }
  }
});

test.each([0, 3, 70_000, 299_999])('finds the one letter that is not ASCII at %i', (at) => {
  const text = `${'Ab'.repeat(150_000).slice(0, at)}É${'Cd'.repeat(150_000).slice(at)}`;
  const { bytes } = foldStrings(stringsOf([text]), 0, 1);
  expect(new TextDecoder().decode(bytes)).toBe(text.toLowerCase());
});
