import fc from 'fast-check';
import { test } from 'vitest';
import { jsonValue } from '../../../workers/json-value.js';
import { createTimeWriter } from '../../../workers/text/time-writer.js';

test('writes every time as jsonValue does', () => {
  for (const unit of ['s', 'ms', 'us', 'ns', 'day'] as const) {
    for (const zoned of [false, true]) {
      const logical = { kind: 'time', unit, zoned } as const;
      const write = createTimeWriter(logical);
      const limit = unit === 'day' ? 2n ** 31n : unit === 's' ? 2n ** 40n : 2n ** 62n;
      const value = fc.oneof(
        fc.bigInt({ min: -limit, max: limit }),
        fc.bigInt({ min: -100_000n, max: 100_000n }),
      );
      fc.assert(fc.property(value, (one) => write(one) === jsonValue(logical, one)));
    }
  }
});
