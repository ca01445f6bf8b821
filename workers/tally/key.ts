import type { JsonValue } from '../../protocol/column.js';
import type { ColumnView, TableView } from '../columns.js';
import { jsonValue } from '../json-value.js';
import { dictionaryStrings, type Strings } from '../select/strings.js';
import { compareStrings } from '../text/rank.js';
import type { Tally } from './tally.js';

/** Reads and orders the values of a tally. */
export interface TallyValues {
  /** As JSON gives it. */
  json: (i: number) => JsonValue;
  /** Below 0 where value `i` comes before value `k`: by number, or by UTF-8 bytes. */
  compare: (i: number, k: number) => number;
  /** The texts, where the values are text. */
  strings?: Strings;
  /** The stored number of value `i`; not for text and binary. */
  stored?: (i: number) => number | bigint;
}

/** Makes the values of a tally readable. */
export function tallyValues(
  table: TableView,
  column: ColumnView,
  { keys }: Pick<Tally, 'keys'>,
): TallyValues {
  const { logical, dictionary } = column;
  if (keys.form === 'bytes' || (keys.form === 'codes' && dictionary !== undefined)) {
    const strings = keys.form === 'bytes' ? keys : dictionaryStrings(table, dictionary!);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return {
      strings,
      json: (i) => {
        // A decoder takes no shared memory, so the string is copied first.
        const bytes = strings.bytes.slice(strings.offsets[i], strings.offsets[i + 1]);
        return logical.kind === 'binary'
          ? Buffer.from(bytes).toString('base64')
          : decoder.decode(bytes);
      },
      compare: (i, k) => compareStrings(strings, i, k),
    };
  }
  const stored = storedOf(keys);
  return {
    stored,
    json: (i) => jsonValue(logical, stored(i)),
    compare: (i, k) => {
      const [a, b] = [stored(i), stored(k)];
      if (a < b) return -1;
      if (a > b) return 1;
      // NaN comes after all numbers.
      return Number(a !== a) - Number(b !== b);
    },
  };
}

function storedOf(keys: Exclude<Tally['keys'], { form: 'bytes' }>): (i: number) => number | bigint {
  switch (keys.form) {
    case 'codes':
      return (i) => i;
    case 'small':
      return (i) => keys.base + i;
    case 'wide':
      return (i) => keys.values[i]!;
    case 'f64': {
      const doubles = new Float64Array(keys.words.buffer);
      return (i) => doubles[i]!;
    }
    case 'i64': {
      const integers = new BigInt64Array(keys.words.buffer);
      return (i) => integers[i]!;
    }
  }
}
