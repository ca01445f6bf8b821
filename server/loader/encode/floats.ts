import { MAX_DROPDOWN } from '../../../protocol/limits.js';
import { jsonValue } from '../../../workers/json-value.js';
import type { Logical } from '../../../workers/storage.js';
import { DistinctCounter } from './distinct.js';
import type { EncodedColumn } from '../../snapshots/encoded-column.js';
import type { ColumnEncoder, ColumnState, ColumnSummary, StagedView } from './encoded.js';
import { quantilesOf } from './quantiles.js';
import { countNulls, packBits } from './validity.js';

type FloatState = {
  sample: Float64Array;
  isDouble: boolean;
  anyValue: boolean;
  min: number;
  max: number;
  nulls: number;
  last: number;
  ascending: boolean;
  distinct: Int32Array | null;
};

/**
 * Encodes floats. Doubles become float32 as long as every value survives the round trip (NaN, the infinities and -0 do);
 * from the first batch that does not on they stay float64. A null's slot holds a value of the batch, finite
 * where there is one, so that no loop looks at the mask.
 */
export class FloatEncoder implements ColumnEncoder {
  readonly #logical: Extract<Logical, { kind: 'float' }>;
  readonly #distinct = new DistinctCounter(MAX_DROPDOWN);
  #sample: number[] = [];
  #isDouble = false;
  #anyValue = false;
  #min = Infinity;
  #max = -Infinity;
  #nulls = 0;
  #last = -Infinity;
  #ascending = true;

  constructor(logical: Extract<Logical, { kind: 'float' }>) {
    this.#logical = logical;
  }

  encode(staged: StagedView, kept?: Int32Array): EncodedColumn {
    const { rows, valid } = staged;
    const { buffer, byteOffset } = staged.data;
    const values =
      this.#logical.bits === 64
        ? new Float64Array(buffer, byteOffset, rows)
        : Float64Array.from(new Float32Array(buffer, byteOffset, rows));
    const nulls = valid === undefined ? 0 : countNulls(valid, rows);
    this.#nulls += nulls;
    if (nulls > 0) fillNulls(values, valid!);
    this.#takeSample(values, valid, staged.sample, kept);
    if (nulls > 0) this.#ascending = false;
    const storage = (): 'float32' | 'float64' => (this.#isDouble ? 'float64' : 'float32');
    if (nulls === rows) {
      if (!this.#anyValue) return { storage: 'null', nulls };
      const data = new Uint8Array(rows * (this.#isDouble ? 8 : 4));
      return { storage: storage(), nulls, validity: new Uint8Array(Math.ceil(rows / 8)), data };
    }

    this.#anyValue = true;
    const finite = finiteExtremes(values);
    let notFinite = finite.notFinite;
    // Filled nulls are finite unless no value of the batch is.
    if (nulls > 0 && finite.notFinite === rows) notFinite = rows - nulls;
    this.#takeExtremes(values, finite);
    if (!this.#isDouble) this.#isDouble = !survivesFloat32(values);
    if (!this.#distinct.overflown) this.#countDistinct(values);
    if (this.#ascending) this.#checkOrder(values);
    const encoded = this.#isDouble ? values.slice() : Float32Array.from(values);
    return {
      storage: storage(),
      nulls,
      ...(nulls === 0 ? {} : { validity: packBits(valid!, rows) }),
      data: new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength),
      ...(finite.min <= finite.max ? { min: finite.min, max: finite.max } : {}),
      ...(notFinite === 0 ? {} : { notFinite }),
    };
  }

  dictionary(): undefined {
    return undefined;
  }

  summary(): ColumnSummary {
    const none = this.#min > this.#max;
    const distinct = this.#distinct.count;
    const quantiles = quantilesOf(
      Float64Array.from(this.#sample.filter(Number.isFinite)).sort(),
      (value) => jsonValue(this.#logical, value),
    );
    return {
      nulls: this.#nulls,
      nulled: 0,
      min: none ? null : jsonValue(this.#logical, this.#min),
      max: none ? null : jsonValue(this.#logical, this.#max),
      ...(distinct === undefined ? {} : { distinct }),
      ...(quantiles === undefined ? {} : { quantiles }),
      ascending: this.#anyValue && this.#ascending,
    };
  }

  state(): ColumnState {
    return {
      sample: Float64Array.from(this.#sample),
      isDouble: this.#isDouble,
      anyValue: this.#anyValue,
      min: this.#min,
      max: this.#max,
      nulls: this.#nulls,
      last: this.#last,
      ascending: this.#ascending,
      distinct: this.#distinct.state,
    } satisfies FloatState;
  }

  resume(state: ColumnState): void {
    const { sample, isDouble, anyValue, min, max, nulls, last, ascending, distinct } =
      state as FloatState;
    this.#sample = [...sample];
    this.#isDouble = isDouble;
    this.#anyValue = anyValue;
    this.#min = min;
    this.#max = max;
    this.#nulls = nulls;
    this.#last = last;
    this.#ascending = ascending;
    this.#distinct.resume(distinct);
  }

  #takeSample(
    values: Float64Array,
    valid: Uint8Array | undefined,
    sample: Int32Array,
    kept: Int32Array | undefined,
  ): void {
    if (kept !== undefined) {
      const before = this.#sample;
      this.#sample = Array.from(kept, (i) => before[i]!);
    }
    for (const row of sample) {
      this.#sample.push(valid !== undefined && valid[row] === 0 ? NaN : values[row]!);
    }
  }

  /** The extremes of the column count infinities, those of a batch do not. */
  #takeExtremes(
    values: Float64Array,
    { min, max, notFinite }: { min: number; max: number; notFinite: number },
  ): void {
    if (notFinite > 0) {
      for (const value of values) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    if (min < this.#min) this.#min = min;
    if (max > this.#max) this.#max = max;
  }

  #countDistinct(values: Float64Array): void {
    const distinct = this.#distinct;
    const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    for (let row = 0; row < values.length && !distinct.overflown; row++) {
      const value = values[row]!;
      // -0 equals 0, and every NaN is the same one.
      if (value === 0) distinct.add(0, 0);
      else if (value !== value) distinct.add(0, 0x7ff80000);
      else distinct.add(words[row * 2]!, words[row * 2 + 1]!);
    }
  }

  #checkOrder(values: Float64Array): void {
    let last = this.#last;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (!(value >= last)) {
        this.#ascending = false;
        return;
      }
      last = value;
    }
    this.#last = last;
  }
}

function fillNulls(values: Float64Array, valid: Uint8Array): void {
  let filler = NaN;
  for (let row = 0; row < values.length; row++) {
    if (valid[row] === 1 && (filler !== filler || Number.isFinite(values[row]!))) {
      filler = values[row]!;
      if (Number.isFinite(filler)) break;
    }
  }
  for (let row = 0; row < values.length; row++) if (valid[row] === 0) values[row] = filler;
}

function finiteExtremes(values: Float64Array): { min: number; max: number; notFinite: number } {
  let min = Infinity;
  let max = -Infinity;
  let notFinite = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    // Only finite values have a difference with themselves that is 0.
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max, notFinite };
}

function survivesFloat32(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Math.fround(value) !== value && value === value) return false;
  }
  return true;
}
