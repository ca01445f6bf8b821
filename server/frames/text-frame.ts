import { tableFromIPC } from 'apache-arrow';
import type { Frame } from '../engine/engine.js';

/** A frame as text is for people with curl: more rows than this are cut off, and the answer says so. */
export const MAX_TEXT_ROWS = 10_000;

/** A frame as CSV or JSON, with how many of its rows were written. */
export function textFrame(
  frame: Frame,
  format: 'csv' | 'json',
): { text: string; rows: number; of: number } {
  const table = tableFromIPC(frame.bytes);
  const of = table.numRows;
  const rows = table.slice(0, MAX_TEXT_ROWS).toArray();
  if (format === 'json') {
    const text = JSON.stringify({
      halftone: frame.metadata,
      rows,
      ...(rows.length < of ? { capped: { rows: rows.length, of } } : {}),
    });
    return { text, rows: rows.length, of };
  }
  const names = table.schema.fields.map(({ name }) => name);
  const lines = rows.map((row) => names.map((name) => String(row[name] ?? '')).join(','));
  return { text: [names.join(','), ...lines, ''].join('\r\n'), rows: rows.length, of };
}
