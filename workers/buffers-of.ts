/** How deep buffers lie at most: a partial's layers hold aggregates, which hold arrays. */
const MAX_DEPTH = 8;

/** The buffers under a value that can be handed to another thread in place of being copied; not the shared ones. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  collect(value, buffers, MAX_DEPTH);
  return [...buffers];
}

function collect(value: unknown, buffers: Set<ArrayBuffer>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    const buffer = value instanceof ArrayBuffer ? value : value.buffer;
    // Empty arrays are constants that stand for something, and there is nothing to copy.
    if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffers.add(buffer);
  } else if (Array.isArray(value)) {
    // Arrays of plain strings and numbers may be long, and hold nothing to move.
    if (typeof value[0] === 'object') for (const item of value) collect(item, buffers, depth - 1);
  } else for (const member of Object.values(value)) collect(member, buffers, depth - 1);
}
