import type { JsonValue } from '../../../protocol/column.js';
import { binOf, binStart, widthBins } from '../../../workers/calendar/width.js';
import type { KeyForm } from '../../../workers/groups/key-ids.js';
import { OUTSIDE } from '../../../workers/kernels/kernels.js';
import type { BinsPlan } from '../../../workers/marks/cube/plan.js';
import { NULL_CODE } from '../../../workers/scan/block.js';
import type { SlotKeys, SlotsPlan } from '../../../workers/scan/slots.js';
import { floatOf, fromBase64, integerBound } from '../bound.js';
import type { ColumnRef } from '../columns.js';
import { floorOf } from '../exact-number.js';
import type { Run } from '../run.js';

/** The bins of a bar: one for each of the keys that its frame shows, in their order. All others are outside. */
export async function keyBins(
  ref: ColumnRef,
  as: KeyForm,
  keys: readonly JsonValue[],
  run: Run,
): Promise<BinsPlan> {
  const column = ref.position;
  const size = keys.length;
  const ofNull = keys.indexOf(null);
  const idOf = await idsOf(ref, as, keys, run);
  if (idOf === undefined) {
    const values = keys.filter((key) => key !== null);
    const places = Int32Array.from(values.keys(), (i) => (ofNull >= 0 && i >= ofNull ? i + 1 : i));
    const slots = { column, keys: slotKeys(ref, as, values) };
    return { by: 'values', slots, places, ofNull: ofNull < 0 ? OUTSIDE : ofNull, size };
  }
  const places = new Int32Array(idOf.size + 1).fill(OUTSIDE);
  for (const [place, key] of keys.entries()) {
    // The id of null is 0.
    const id = key === null ? 0 : idOf.id(key);
    if (id !== undefined) places[id] = place;
  }
  return { by: 'keys', column, as, nullIsKey: true, places, size };
}

/** The slots of the values that a category axis lists; what no row has keeps its place. */
export async function listedSlots(
  ref: ColumnRef,
  as: KeyForm,
  values: readonly JsonValue[],
  run: Run,
): Promise<SlotsPlan> {
  const column = ref.position;
  if (as.form !== 'codes') return { column, keys: slotKeys(ref, as, values) };
  const codes = await codesOf(ref, as.size, run);
  return {
    column,
    keys: {
      form: 'codes',
      size: as.size,
      codes: Uint32Array.from(values, (value) => codes.get(value) ?? NULL_CODE),
    },
  };
}

interface Ids {
  /** All ids but that of null: from 1 to this. */
  size: number;
  id: (key: JsonValue) => number | undefined;
}

// The ids of keys that are the same in every task; undefined where they are numbered as they come.
async function idsOf(
  ref: ColumnRef,
  as: KeyForm,
  keys: readonly JsonValue[],
  run: Run,
): Promise<Ids | undefined> {
  switch (as.form) {
    case 'codes': {
      const codes = await codesOf(ref, as.size, run);
      return {
        size: as.size,
        id: (key) => {
          const code = codes.get(key);
          return code === undefined ? undefined : code + 1;
        },
      };
    }
    case 'small':
      return { size: as.size, id: (key) => Number(storedOf(ref, key)) - as.base + 1 };
    case 'time bins': {
      const bins = new Map(Array.from(as.edges.slice(0, -1), (edge, bin) => [edge, bin + 1]));
      return { size: as.edges.length - 1, id: (key) => bins.get(storedOf(ref, key)) };
    }
    case 'width bins': {
      const bins = widthBins(as.width);
      const first = binOf(as.low, bins);
      const size = binOf(as.high, bins) - first + 1;
      const ids = new Map(
        Array.from({ length: size }, (_, k) => [binStart(first + k, bins) + 0, k + 1]),
      );
      return { size, id: (key) => ids.get(Number(key)) };
    }
    default:
      return keys.length === 0 ? { size: 0, id: () => undefined } : undefined;
  }
}

/** The code of each value of a dictionary, or of a boolean. */
async function codesOf(ref: ColumnRef, size: number, run: Run): Promise<Map<JsonValue, number>> {
  const { values, keys } = await run.pick({
    column: ref.position,
    tally: { nulls: 0, counts: new Uint32Array(size).fill(1), keys: { form: 'codes' } },
    limit: size,
    withNull: false,
  });
  const { codes } = keys as SlotKeys & { form: 'codes' };
  return new Map(values.map(({ value }, i) => [value, codes[i]!]));
}

function slotKeys(ref: ColumnRef, as: KeyForm, values: readonly JsonValue[]): SlotKeys {
  const field = 'domain.x';
  switch (as.form) {
    case 'f64':
      return {
        form: 'value',
        values: Float64Array.from(values, (value) => floatOf(value, ref, field)),
      };
    case 'i64':
    case 'wide':
      return { form: as.form, values: values.map((value) => storedOf(ref, value)) };
    case 'bytes':
      return {
        form: 'bytes',
        values: values.map((value) =>
          ref.logical.kind === 'binary'
            ? fromBase64(String(value), ref, field)
            : new TextEncoder().encode(String(value)),
        ),
      };
    default:
      throw new Error(`Keys of the form ${as.form} have no slots.`);
  }
}

function storedOf(ref: ColumnRef, value: JsonValue): bigint {
  return floorOf(integerBound(value, ref, 'domain.x'));
}
