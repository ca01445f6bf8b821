import { csvLine } from '../../workers/text/csv-line.js';
import type { WriteTextTask, WrittenText } from '../../workers/text/write-text.js';
import type { Frame } from '../engine/engine.js';

/** A frame as text is for people with curl: more rows than this are cut off, and the answer says so. */
export const MAX_TEXT_ROWS = 10_000;

/** Writes rows as text, on a worker thread. */
export type WriteText = (task: WriteTextTask) => Promise<WrittenText>;

/**
 * A frame as CSV with a header, or as JSON: `{ "halftone": …, "rows": [ … ], "capped"?: { "rows", "of" } }`. Tells how
 * many of its rows were written.
 */
export async function textFrame(
  frame: Frame,
  format: 'csv' | 'json',
  writeText: WriteText,
): Promise<{ bytes: Buffer; rows: number; of: number }> {
  const written = await writeText({ bytes: frame.bytes, format, limit: MAX_TEXT_ROWS });
  const { bytes, names, rows, of } = written;
  if (format === 'csv')
    return { bytes: Buffer.concat([Buffer.from(csvLine(names)), bytes]), rows, of };
  const capped = rows < of ? `,"capped":${JSON.stringify({ rows, of })}` : '';
  const head = `{"halftone":${JSON.stringify(frame.metadata)}${capped},"rows":[\n`;
  return { bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\n]}\n')]), rows, of };
}
