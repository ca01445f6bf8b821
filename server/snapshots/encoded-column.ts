import type { Storage } from '../../workers/storage.js';

/** One column of one batch in Arrow's layout. The arrays belong to the caller and are written at once. */
export interface EncodedColumn {
  storage: Storage;
  nulls: number;
  /** Bits, least significant first, 1 is valid; absent without nulls. */
  validity?: Uint8Array;
  /** rows + 1, for `utf8` and `binary`. */
  offsets?: Int32Array;
  data?: Uint8Array;
  /** Extremes of the finite values; not for text and binary. */
  min?: number | bigint;
  max?: number | bigint;
  /** Values of a float column that are NaN or infinite. */
  notFinite?: number;
}

/** The distinct strings of a column in order of their codes. */
export interface EncodedDictionary {
  size: number;
  /** size + 1. */
  offsets: Int32Array;
  bytes: Uint8Array;
}
