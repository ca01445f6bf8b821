import type { TableView } from '../columns.js';
import type { Predicate } from '../scan/predicate.js';
import { dictionaryLut } from '../select/dictionary.js';

/** Whether a predicate looks at nothing but the values of this column, in a way that `openKeyTest` knows. */
export function testsOnly(predicate: Predicate, column: number): boolean {
  switch (predicate.test) {
    case 'constant':
      return true;
    case 'codes':
    case 'bytes':
    case 'contains':
    case 'null':
      return predicate.column === column;
    case 'range':
    case 'in':
      return predicate.column === column && predicate.form === 'raw';
    case 'exact range':
    case 'exact in':
    case 'polygon':
      return false;
    case 'not':
      return testsOnly(predicate.of, column);
    case 'all':
    case 'any':
      return predicate.of.every((part) => testsOnly(part, column));
  }
}

/** Tells whether the rows of a run pass, by the run's key; NaN is null. */
export type KeyTest = (key: number) => boolean;

/** Makes a predicate ready that `testsOnly` the category. */
export function openKeyTest(
  predicate: Predicate | null,
  table: TableView,
  check: () => void,
): KeyTest {
  if (predicate === null) return () => true;
  switch (predicate.test) {
    case 'constant':
      return () => predicate.value;
    case 'codes':
      return ofCodes(predicate.lut, predicate.nulls);
    case 'bytes':
      return ofCodes(dictionaryLut(table, predicate, check), predicate.nulls);
    case 'contains':
      return ofCodes(dictionaryLut(table, predicate, check), false);
    case 'null':
      return Number.isNaN;
    case 'range':
      return (key) => key >= predicate.low && key <= predicate.high;
    case 'in': {
      const wanted = new Set(predicate.values);
      return (key) => (Number.isNaN(key) ? predicate.nulls : wanted.has(key));
    }
    case 'not': {
      const passes = openKeyTest(predicate.of, table, check);
      return (key) => !passes(key);
    }
    case 'all':
    case 'any': {
      const parts = predicate.of.map((part) => openKeyTest(part, table, check));
      return predicate.test === 'all'
        ? (key) => parts.every((passes) => passes(key))
        : (key) => parts.some((passes) => passes(key));
    }
    default:
      throw new Error(`"${predicate.test}" is no test of a category.`);
  }
}

function ofCodes(lut: Uint8Array, nulls: boolean): KeyTest {
  return (key) => (Number.isNaN(key) ? nulls : lut[key] === 1);
}
