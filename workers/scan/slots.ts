import { BLOCK_ROWS } from '../columns.js';
import { matcherIndex } from '../select/bytes.js';
import { plainKernels } from '../kernels/plain.js';
import { batchStrings } from '../select/strings.js';
import type { Block } from './block.js';
import type { Scope } from './mark.js';
import { batchOf } from './values.js';

/** The values of a column that keep a slot of their own, in the order of the slots. */
export type SlotKeys =
  | { form: 'codes'; codes: Uint32Array; size: number }
  | { form: 'value' | 'raw'; values: Float64Array }
  | { form: 'i64' | 'wide'; values: readonly bigint[] }
  | { form: 'bytes'; values: readonly Uint8Array[] };

export interface SlotsPlan {
  column: number;
  keys: SlotKeys;
}

/** How many values keep a slot; the slot after them is that of null, and the next one that of all others. */
export function keptSlots({ keys }: SlotsPlan): number {
  return keys.form === 'codes' ? keys.codes.length : keys.values.length;
}

/** The slot of every row of a block; valid until the next block. */
export type Slots = (block: Block) => Uint16Array<ArrayBuffer>;

/** Makes slots ready: each row's value becomes the number of its slot. */
export function openSlots(plan: SlotsPlan, { table, arena, kernels }: Scope): Slots {
  const { column, keys } = plan;
  const slots = arena.u16(BLOCK_ROWS);
  const ofNull = keptSlots(plan);
  const ofOther = ofNull + 1;
  switch (keys.form) {
    case 'codes': {
      const fits = keys.size * 2 < arena.free / 4;
      const lut = (fits ? arena.u16(keys.size) : new Uint16Array(keys.size)).fill(ofOther);
      for (const [slot, code] of keys.codes.entries()) lut[code] = slot;
      return (block) => {
        const codes = block.codes(column);
        if (fits) kernels.slotCodes(codes, lut, ofNull, slots, block.rows);
        else plainKernels.slotCodes(codes, lut, ofNull, slots, block.rows);
        return slots;
      };
    }
    case 'value':
    case 'raw': {
      const slotOf = new Map([...keys.values].map((value, slot) => [value, slot]));
      return (block) => {
        const values = keys.form === 'raw' ? block.raw(column) : block.f64(column);
        const valid = block.valid(column);
        for (let i = 0; i < block.rows; i++) {
          slots[i] = valid?.[i] === 0 ? ofNull : (slotOf.get(values[i]!) ?? ofOther);
        }
        return slots;
      };
    }
    case 'i64':
    case 'wide': {
      const slotOf = new Map(keys.values.map((value, slot) => [value, slot]));
      return (block) => {
        const valid = block.valid(column);
        for (let i = 0; i < block.rows; i++) {
          slots[i] = valid?.[i] === 0 ? ofNull : (slotOf.get(block.wideAt(column, i)) ?? ofOther);
        }
        return slots;
      };
    }
    case 'bytes': {
      const slotOf = matcherIndex(keys.values);
      return (block) => {
        const strings = batchStrings(table, batchOf(table, column, block.batch));
        const valid = block.valid(column);
        for (let i = 0; i < block.rows; i++) {
          if (strings === undefined || valid?.[i] === 0) slots[i] = ofNull;
          else {
            const slot = slotOf(strings, block.positionOf(i));
            slots[i] = slot < 0 ? ofOther : slot;
          }
        }
        return slots;
      };
    }
  }
}
