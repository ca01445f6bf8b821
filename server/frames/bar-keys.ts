import type { JsonValue } from '../../protocol/column.js';
import type { Query } from '../../protocol/query.js';
import type { Frame } from '../engine/engine.js';
import type { WriteText } from './text-frame.js';

/**
 * The keys that a bar shows, each once, in its order: what its cube has bins for. They are its domain, but for bins, whose
 * domain has ends; those are read from the frame, by a worker. Other marks have no keys.
 */
export async function barKeys(
  { mark, x }: Query,
  { bytes, metadata }: Pick<Frame, 'bytes' | 'metadata'>,
  writeText: WriteText,
): Promise<JsonValue[]> {
  if (mark !== 'bar') return [];
  const isBinned = typeof x === 'object' && x.bin !== undefined;
  if (!isBinned) return metadata.domain?.x ?? [];
  const written = await writeText({ bytes, format: 'json' });
  const rows = JSON.parse(`[${Buffer.from(written.bytes).toString()}]`) as { key: JsonValue }[];
  return [...new Set(rows.map(({ key }) => key))];
}
