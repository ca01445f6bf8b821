import { openAggregator } from '../aggregate/aggregate.js';
import { finishAggregate } from '../aggregate/finish.js';
import { markValues } from '../aggregate/has-value.js';
import { isSumOfDoubles } from '../aggregate/plan.js';
import { openWholeSum } from '../aggregate/whole-sum.js';
import { estimateOf } from './value-estimate.js';
import type { ValuePartial, ValuePlan } from './value-plan.js';
import { certificateOf } from '../sample/certificate.js';
import { rowsOf } from '../sample/sample.js';
import { BLOCK_ROWS } from '../columns.js';
import { baseOf, nullableColumn, plainColumn, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';

const ONE_GROUP = new Uint32Array([0]);

/** One aggregate of all matching rows. */
export const value: Mark<ValuePlan, ValuePartial, MarkedFrame> = {
  open({ aggregate }, scope) {
    if (isSumOfDoubles(aggregate)) return { packs: true, ...openWholeSum(aggregate, scope) };
    const aggregator = openAggregator(aggregate, scope);
    const groups = new Int32Array(BLOCK_ROWS);
    const hasValue = new Uint8Array(BLOCK_ROWS);
    const { column } = aggregate;
    let seen = 0;
    return {
      packs: true,
      add(block) {
        const { mask, rows } = block;
        for (let i = 0; i < rows; i++) groups[i] = mask === null || mask[i] !== 0 ? 0 : -1;
        if (column === null) seen += block.matched;
        else {
          markValues(block, column, hasValue);
          for (let i = 0; i < rows; i++) if (groups[i] === 0) seen += hasValue[i]!;
        }
        aggregator.add(block, groups, 1);
      },
      partial: () => ({ seen, aggregate: aggregator.partial(1) }),
    };
  },

  merge({ aggregate, known }, partials, scope) {
    const { matched, frame, sample, check } = scope;
    const drawn = known?.seen ?? partials.reduce((sum, { seen }) => sum + seen, 0);
    const counts = new Uint32Array([drawn]);
    const { values, valid } =
      known === undefined
        ? finishAggregate(
            aggregate,
            partials.map((partial) => partial.aggregate),
            partials.map(() => ONE_GROUP),
            counts,
            check,
          )
        : {
            values: new Float64Array([known.value ?? 0]),
            valid: new Uint8Array([known.value === null ? 0 : 1]),
          };
    const read = sample?.matched.reduce((sum, rows) => sum + rows, 0) ?? matched;
    const rows = rowsOf(scope, { drawn, outside: 0, dropped: read - drawn });
    const certificate = certificateOf(sample, () =>
      estimateOf(aggregate, partials, sample!, check),
    );
    if (sample !== undefined) {
      counts[0] = rows.drawn;
      if (aggregate.op === 'count') values[0] = rows.drawn;
      else if (aggregate.op === 'sum') values[0]! *= sample.weight;
    }
    return writeFrame(
      { ...baseOf(frame), ...certificate, method: 'aggregate', rows, marks: 1 },
      1,
      [
        nullableColumn({ name: 'value', type: { type: 'float', bits: 64 } }, values, valid),
        plainColumn({ name: 'count', type: { type: 'int', bits: 32, signed: false } }, counts),
      ],
    );
  },
};
