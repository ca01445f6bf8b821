import { encodeSchemaMessage } from './message.js';
import type { Field } from './types.js';

/** Schemas that are kept at most: there is one for each mark, method and width of counts that a page asks for. */
const MOST_KEPT = 64;

const encoder = new TextEncoder();

/** By fields and key: the message up to the value of its metadata, with which it ends. */
const heads = new Map<string, Uint8Array>();

/**
 * The message of `encodeSchemaMessage` with one entry of metadata. What stands before its value is the same from frame to frame, and
 * kept: to build it anew took a third of the time in which a frame of some hundred rows is written.
 */
export function schemaMessage(fields: readonly Field[], key: string, value: string): Uint8Array {
  const utf8 = encoder.encode(value);
  // A string is its length, its bytes and a 0, padded to whole words; how what stands before is aligned depends on their number.
  const size = 4 + Math.ceil((utf8.length + 1) / 4) * 4;
  const isOdd = size % 8 !== 0;
  const id = `${isOdd} ${key} ${JSON.stringify(fields)}`;
  let head = heads.get(id);
  if (head === undefined) {
    if (heads.size >= MOST_KEPT) heads.clear();
    heads.set(id, (head = headOf(fields, key, isOdd ? 'x'.repeat(7) : 'x'.repeat(3))));
  }
  const bytes = new Uint8Array(Math.ceil((head.length + size) / 8) * 8);
  bytes.set(head);
  bytes.set(utf8, head.length + 4);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, bytes.length - 8, true);
  view.setUint32(head.length, utf8.length, true);
  return bytes;
}

/** What stands before the value, in a message that ends with an example of one. */
function headOf(fields: readonly Field[], key: string, example: string): Uint8Array {
  const message = encodeSchemaMessage(fields, { [key]: example });
  const end = message.lastIndexOf(example.charCodeAt(0)) + 1;
  return message.slice(0, end - example.length - 4);
}
