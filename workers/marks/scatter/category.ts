import { dictionaryOf, narrowest, nullableColumn, type FrameColumn } from '../../scan/frame.js';
import { keptSlots } from '../../scan/slots.js';
import type { ScatterColor } from './plan.js';

/**
 * The color of each mark as a dictionary of the values that occur among them, in legend order. A null is null;
 * what stands for all the rest is the last label, which no value bears.
 */
export function categoryColumn(
  { slots: plan, labels }: ScatterColor & { kind: 'category' },
  slots: Uint16Array,
): FrameColumn {
  const ofNull = keptSlots(plan);
  const used = new Uint8Array(ofNull + 2);
  for (let i = 0; i < slots.length; i++) used[slots[i]!] = 1;
  const codeOf = new Uint16Array(ofNull + 2);
  const values: string[] = [];
  for (let slot = 0; slot < used.length; slot++) {
    if (used[slot] === 0 || slot === ofNull) continue;
    codeOf[slot] = values.length;
    values.push(labels[slot]!);
  }
  const { bits, Numbers } = narrowest(Math.max(0, values.length - 1));
  const codes = new Numbers(slots.length);
  const valid = new Uint8Array(slots.length);
  for (let i = 0; i < slots.length; i++) {
    codes[i] = codeOf[slots[i]!]!;
    valid[i] = slots[i] === ofNull ? 0 : 1;
  }
  const field = { name: 'color', type: { type: 'utf8' }, dictionary: { id: 0, bits } } as const;
  return { ...nullableColumn(field, codes, valid), dictionary: dictionaryOf(0, values) };
}
