import type { FrameMetadata } from '../../protocol/frame.js';
import { certificateOf } from '../sample/certificate.js';
import type { Field } from '../arrow/types.js';
import { baseOf, dictionaryOf, writeFrame, type FrameColumn } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';

/** Asks for a frame without marks: no matching row has a place on every axis. */
export interface NothingPlan {
  kind: 'nothing';
  method: FrameMetadata['method'];
  fields: Field[];
}

/** An empty frame: every matching row is dropped. */
export const nothing: Mark<NothingPlan, null, MarkedFrame> = {
  open: () => ({ add: () => {}, partial: () => null }),

  merge({ method, fields }, _partials, scope) {
    const { total, matched, frame, sample } = scope;
    const rows = { total, matched, drawn: 0, outside: 0, dropped: matched };
    const certificate = certificateOf(sample, () => ({
      drawn: sample!.matched.map(() => 0),
      caution: 'none of the rows read has a place on every axis',
    }));
    const metadata = { ...baseOf(frame), ...certificate, method, rows, marks: 0 };
    return writeFrame(metadata, 0, fields.map(emptyColumn));
  },
};

function emptyColumn(field: Field): FrameColumn {
  const { type, dictionary } = field;
  const isText = dictionary === undefined && (type.type === 'utf8' || type.type === 'binary');
  return {
    field,
    // Offsets of no strings are still one number.
    size: { nulls: 0, buffers: isText ? [0, 4, 0] : [0, 0] },
    write: () => {},
    ...(dictionary && { dictionary: dictionaryOf(dictionary.id, []) }),
  };
}
