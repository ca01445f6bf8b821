import { createHash } from 'node:crypto';
import type { Predicate } from '../../workers/scan/predicate.js';

/**
 * Names a resolved predicate by what it tests: two with the same key pass the same rows of a snapshot, whatever the
 * query that they come from, and wherever their columns stand in a task. 128 bits of a SHA-256, as base64url.
 */
export function predicateKey(predicate: Predicate, nameOf: (column: number) => string): string {
  // Every field has one type by the fields beside it, so that a number as text is taken for no text.
  const json = JSON.stringify(predicate, (field, value: unknown) => {
    if (field === 'column') return nameOf(value as number);
    if (typeof value === 'bigint' || typeof value === 'number') return String(value);
    if (value instanceof Float64Array) return Array.from(value, String);
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
    return value;
  });
  return createHash('sha256').update(json).digest().subarray(0, 16).toString('base64url');
}
