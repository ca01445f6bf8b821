import { expect, test } from 'vitest';
import type { DictionaryView, TableView } from '../../../workers/columns.js';
import { dictionaryRanks, foldedDictionary } from '../../../workers/text/cache.js';
import { stringsOf } from './strings.js';

const { offsets, bytes } = stringsOf(['b', 'A', 'c']);
const table: TableView = {
  rows: 0,
  batchRows: [],
  columns: [],
  slabs: [offsets.buffer, bytes.buffer],
};

function dictionary(id?: string): DictionaryView {
  return {
    ...(id === undefined ? {} : { id }),
    size: 3,
    offsets: { slab: 0, offset: 0, length: offsets.byteLength },
    bytes: { slab: 1, offset: 0, length: bytes.byteLength },
  };
}

test('makes the ranks and the folded strings of a dictionary once', () => {
  const ranks = dictionaryRanks(table, dictionary('once'));
  expect([...ranks]).toEqual([1, 0, 2]);
  expect(dictionaryRanks(table, dictionary('once'))).toBe(ranks);
  const folded = foldedDictionary(table, dictionary('once'));
  expect(Buffer.from(folded.bytes).toString()).toBe('bac');
  expect(foldedDictionary(table, dictionary('once'))).toBe(folded);
});

test('keeps nothing of a dictionary without a name', () => {
  expect(dictionaryRanks(table, dictionary())).not.toBe(dictionaryRanks(table, dictionary()));
});

test('lets go of small dictionaries of refreshes gone by, however little they take', () => {
  const used = dictionaryRanks(table, dictionary('used'));
  const gone = dictionaryRanks(table, dictionary('gone'));
  for (let refresh = 0; refresh < 1000; refresh++) {
    dictionaryRanks(table, dictionary(`refresh ${refresh}`));
    expect(dictionaryRanks(table, dictionary('used'))).toBe(used);
  }
  expect(dictionaryRanks(table, dictionary('gone'))).not.toBe(gone);
});
