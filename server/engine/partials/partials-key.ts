import { createHash } from 'node:crypto';
import type { MarkPlan } from '../../../workers/marks/index.js';
import type { Predicate } from '../../../workers/scan/predicate.js';

/**
 * Names what a scan adds up, without the rows that it looks at: two scans with the same key have the same partials of the
 * same segments. `columns` are those that the plan and the predicate give by position. A SHA-256, as base64url.
 */
export function partialsKey(
  plan: MarkPlan,
  predicate: Predicate | null,
  columns: readonly string[],
): string {
  // Every field has one type by the fields beside it, so that a number as text is taken for no text.
  const json = JSON.stringify([columns, predicate, plan], (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    }
    return value;
  });
  return createHash('sha256').update(json).digest('base64url');
}
