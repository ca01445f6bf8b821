import type { EncodedColumn } from './encoded-column.js';
import type { BatchColumn } from './manifest.js';
import { bytesOf, put, type Body } from './message-body.js';

/** Adds a column's buffers to a body, in Arrow's order; gives its description once the body's place is known. */
export function putColumn(
  column: EncodedColumn,
  isFloat: boolean,
  body: Body,
): (start: number) => BatchColumn {
  const { storage, nulls, validity, offsets, data, min, max, notFinite } = column;
  const known: BatchColumn = {
    nulls,
    ...(min === undefined ? {} : { min: isFloat ? Number(min) : String(min) }),
    ...(max === undefined ? {} : { max: isFloat ? Number(max) : String(max) }),
    ...(notFinite === undefined ? {} : { notFinite }),
  };
  if (storage === 'null') return () => known;
  const validityAt = put(body, nulls > 0 ? validity! : new Uint8Array(0));
  const offsetsAt = offsets === undefined ? undefined : put(body, bytesOf(offsets));
  const dataAt = put(body, data!);
  return (start) => ({
    ...known,
    ...(nulls > 0 ? { validity: validityAt(start) } : {}),
    ...(offsetsAt === undefined ? {} : { offsets: offsetsAt(start) }),
    data: dataAt(start),
  });
}
