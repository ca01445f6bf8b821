import { encodeBatchMessage, type BatchLayout } from './message.js';

/** Shapes of batches that are kept at most. */
const MOST_KEPT = 64;

/** A message whose numbers stand at known places: rows, length of the body, then those of nodes and of buffers. */
interface Template {
  bytes: Uint8Array;
  places: number[];
}

const templates = new Map<string, Template>();

/**
 * The message of `encodeBatchMessage` of a batch that has rows. Messages of as many columns and buffers differ in their numbers alone,
 * which are put into a copy of one that was built before.
 */
export function batchMessage(layout: BatchLayout): Uint8Array {
  const { rows, nodes, buffers, bodyLength } = layout;
  // What is 0 is left out of a message.
  if (rows === 0 || bodyLength === 0) return encodeBatchMessage(layout);
  const id = `${nodes.length} ${buffers.length}`;
  let template = templates.get(id);
  if (template === undefined) {
    if (templates.size >= MOST_KEPT) templates.clear();
    templates.set(id, (template = templateOf(nodes.length, buffers.length)));
  }
  const bytes = template.bytes.slice();
  const view = new DataView(bytes.buffer);
  const { places } = template;
  let next = 0;
  const put = (number: number): void => {
    const at = places[next++]!;
    view.setUint32(at, number % 2 ** 32, true);
    view.setUint32(at + 4, Math.floor(number / 2 ** 32), true);
  };
  put(rows);
  put(bodyLength);
  for (const node of nodes) {
    put(node.rows);
    put(node.nulls);
  }
  for (const { offset, length } of buffers) {
    put(offset);
    put(length);
  }
  return bytes;
}

/** Larger than any number of a template but those that are looked for in it. */
const MARKS = 2 ** 48;

/** A message of which each number is another mark, and where these are. */
function templateOf(columns: number, buffers: number): Template {
  let next = MARKS;
  const marks = (): number => next++;
  const bytes = encodeBatchMessage({
    rows: marks(),
    bodyLength: marks(),
    nodes: Array.from({ length: columns }, () => ({ rows: marks(), nulls: marks() })),
    buffers: Array.from({ length: buffers }, () => ({ offset: marks(), length: marks() })),
  });
  const places: number[] = [];
  const view = new DataView(bytes.buffer);
  for (let at = 8; at < bytes.length; at += 8) {
    const number = Number(view.getBigInt64(at, true));
    if (number >= MARKS && number < next) places[number - MARKS] = at;
  }
  return { bytes, places };
}
