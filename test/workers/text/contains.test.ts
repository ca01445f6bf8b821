import { expect, test } from 'vitest';
import type { DictionaryView, TableView } from '../../../workers/columns.js';
import { codesContaining, searchStrings } from '../../../workers/text/contains.js';
import { dictionaryRanks } from '../../../workers/text/cache.js';
import { hostileStrings, stringsOf } from './strings.js';

function dictionaryOf(
  values: readonly string[],
  id?: string,
): { table: TableView; dictionary: DictionaryView } {
  const { offsets, bytes } = stringsOf(values);
  const start = Math.ceil(offsets.byteLength / 64) * 64;
  const slab = new SharedArrayBuffer(start + bytes.length);
  new Int32Array(slab, 0, offsets.length).set(offsets);
  new Uint8Array(slab, start).set(bytes);
  const dictionary = {
    ...(id !== undefined && { id }),
    size: values.length,
    offsets: { slab: 0, offset: 0, length: offsets.byteLength },
    bytes: { slab: 0, offset: start, length: bytes.length },
  };
  return { table: { rows: 0, batchRows: [], columns: [], slabs: [slab] }, dictionary };
}

test('tells the codes of a dictionary that contain a text, with and without regard to case', () => {
  const values = hostileStrings(3000, 2);
  const { table, dictionary } = dictionaryOf(values, 'a');
  for (const text of ['aK', 'S', 'É', '']) {
    const exact = codesContaining(table, dictionary, { text, caseSensitive: true }, () => {});
    expect([...exact]).toEqual(values.map((value) => Number(value.includes(text))));
    const pattern = new RegExp(text, 'iu');
    for (const again of [1, 2]) {
      const folded = codesContaining(table, dictionary, { text, caseSensitive: false }, () => {});
      expect([again, ...folded]).toEqual([
        again,
        ...values.map((value) => Number(pattern.test(value))),
      ]);
    }
  }
});

test('keeps what it derived by the id of a dictionary, and nothing without one', () => {
  const one = dictionaryOf(['b', 'a'], 'one');
  expect(dictionaryRanks(one.table, one.dictionary)).toBe(
    dictionaryRanks(one.table, one.dictionary),
  );
  // Without an id the memory may hold something else by now.
  const unnamed = dictionaryOf(['b', 'a']);
  const first = dictionaryRanks(unnamed.table, unnamed.dictionary);
  new Uint8Array(unnamed.table.slabs[0]!, unnamed.dictionary.bytes.offset).set([97, 98]);
  expect([...first]).toEqual([1, 0]);
  expect([...dictionaryRanks(unnamed.table, unnamed.dictionary)]).toEqual([0, 1]);
});

test('looks at the cancel word, and stops where it throws', () => {
  const { table, dictionary } = dictionaryOf(['a']);
  const check = (): never => {
    throw new Error('withdrawn');
  };
  expect(() =>
    codesContaining(table, dictionary, { text: 'a', caseSensitive: true }, check),
  ).toThrow('withdrawn');
});

test('searches a run of rows', () => {
  const out = new Uint8Array(2);
  searchStrings(
    stringsOf(['Anna', 'ANNA', 'Otto']),
    1,
    3,
    { text: 'nna', caseSensitive: false },
    out,
  );
  expect([...out]).toEqual([1, 0]);
});
