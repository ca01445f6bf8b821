import { openAggregator } from '../aggregate/aggregate.js';
import { finishAggregate } from '../aggregate/finish.js';
import type { AggregatePartial, AggregatePlan } from '../aggregate/plan.js';
import { BLOCK_ROWS } from '../columns.js';
import type { Block } from '../scan/block.js';
import { baseOf, nullableColumn, plainColumn, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';
import { columnOf } from '../scan/values.js';

export interface ValuePlan {
  kind: 'value';
  aggregate: AggregatePlan;
}

export interface ValuePartial {
  /** Rows that have a value. */
  seen: number;
  aggregate: AggregatePartial;
}

const ONE_GROUP = new Uint32Array([0]);

/** One aggregate of all matching rows. */
export const value: Mark<ValuePlan, ValuePartial, MarkedFrame> = {
  open({ aggregate }, scope) {
    const aggregator = openAggregator(aggregate, scope);
    const groups = new Int32Array(BLOCK_ROWS);
    let seen = 0;
    return {
      packs: true,
      add(block) {
        const { mask, rows } = block;
        for (let i = 0; i < rows; i++) groups[i] = mask === null || mask[i] !== 0 ? 0 : -1;
        seen +=
          aggregate.op === 'count' ? block.matched : withValue(block, aggregate.column, groups);
        aggregator.add(block, groups, 1);
      },
      partial: () => ({ seen, aggregate: aggregator.partial(1) }),
    };
  },

  merge({ aggregate }, partials, { total, matched, frame, check }) {
    const drawn = partials.reduce((sum, { seen }) => sum + seen, 0);
    const counts = new Uint32Array([drawn]);
    const { values, valid } = finishAggregate(
      aggregate,
      partials.map((partial) => partial.aggregate),
      partials.map(() => ONE_GROUP),
      counts,
      check,
    );
    const rows = { total, matched, drawn, outside: 0, dropped: matched - drawn };
    return writeFrame({ ...baseOf(frame), method: 'aggregate', exact: true, rows, marks: 1 }, 1, [
      nullableColumn({ name: 'value', type: { type: 'float', bits: 64 } }, values, valid),
      plainColumn({ name: 'count', type: { type: 'int', bits: 32, signed: false } }, counts),
    ]);
  },
};

// Rows of the group that are neither null nor NaN.
function withValue(block: Block, column: number, groups: Int32Array): number {
  const { kind } = columnOf(block.table, column).logical;
  let seen = 0;
  if (kind === 'float') {
    const values = block.f64(column);
    for (let i = 0; i < block.rows; i++) if (groups[i] === 0 && values[i] === values[i]) seen++;
    return seen;
  }
  const valid = block.valid(column);
  for (let i = 0; i < block.rows; i++) if (groups[i] === 0 && valid?.[i] !== 0) seen++;
  return seen;
}
