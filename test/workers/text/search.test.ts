import { expect, test } from 'vitest';
import { foldBytes, foldStrings } from '../../../workers/text/fold.js';
import { markContaining } from '../../../workers/text/search.js';
import { hostileStrings, stringsOf } from './strings.js';

function search(values: readonly string[], text: string, from = 0, to = values.length): boolean[] {
  const out = new Uint8Array(to - from).fill(7);
  markContaining(stringsOf(values), from, to, new TextEncoder().encode(text), out);
  return [...out].map(Boolean);
}

test('finds what String.includes finds', () => {
  const values = hostileStrings(2000, 11);
  const needles = [
    'a',
    'aa',
    'é',
    'K',
    '\0',
    'aaaaaaaaaaa',
    'a😀',
    '\uffff',
    'sß',
    'zz',
    'aaaaaaaaaab',
    '',
  ];
  for (const needle of needles) {
    expect(search(values, needle)).toEqual(values.map((value) => value.includes(needle)));
    expect(search(values, needle, 700, 900)).toEqual(
      values.slice(700, 900).map((value) => value.includes(needle)),
    );
  }
});

test('finds nothing that runs from one string into the next', () => {
  expect(search(['ab', 'cab', 'c', ''], 'bc')).toEqual([false, false, false, false]);
  expect(search(['ab', 'cabc', 'ab'], 'abc')).toEqual([false, true, false]);
});

test('finds nothing among no strings, and a needle longer than all', () => {
  expect(search([], 'a')).toEqual([]);
  expect(search(['', '', ''], 'a')).toEqual([false, false, false]);
  expect(search(['a', 'b'], 'a longer needle')).toEqual([false, false]);
});

test('finds regardless of case what a regular expression with the flags iu finds', () => {
  const values = hostileStrings(2000, 5);
  const folded = foldStrings(stringsOf(values), 0, values.length);
  for (const needle of ['A', 'k', 'ß', 'S', 'Ⱥ', 'ÉA', 'aSſ']) {
    const out = new Uint8Array(values.length);
    markContaining(folded, 0, values.length, foldBytes(new TextEncoder().encode(needle)), out);
    const pattern = new RegExp(needle, 'iu');
    expect([...out]).toEqual(values.map((value) => (pattern.test(value) ? 1 : 0)));
  }
});
