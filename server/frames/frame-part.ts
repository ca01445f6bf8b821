/** One frame, or one problem, of an answer to many queries. */
export interface FramePart {
  /** The position of its query in the request. */
  index: number;
  /** Of brush cubes: the view, and what this is of it. */
  id?: string;
  part?: 'frame' | 'cube' | 'fallback' | 'problem';
  /** What its status would be as an answer of its own. */
  status: number;
  /** In lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Bodies begin at multiples of this, so that a reader may look at Arrow's buffers where they lie. */
const ALIGNMENT = 8;
const PREFIX_BYTES = 8;

/**
 * Writes parts one after the other. What stands in front of each body is made anew, the bodies are handed on as they
 * are: they are shared with other readers.
 *
 *  0: uint32, little-endian: bytes of the head
 *  4: uint32, little-endian: bytes of the body
 *  8: the head: JSON in UTF-8, with spaces at its end, so that the body begins at a multiple of 8 of the answer
 *     the body
 */
export class PartWriter {
  #written = 0;

  /** The bytes of a part: two pieces. */
  write({ body, ...head }: FramePart): [Buffer, Buffer] {
    const json = Buffer.from(JSON.stringify(head));
    const end = this.#written + PREFIX_BYTES + json.length;
    const padding = -end & (ALIGNMENT - 1);
    const front = Buffer.alloc(PREFIX_BYTES + json.length + padding, ' ');
    front.writeUInt32LE(json.length + padding, 0);
    front.writeUInt32LE(body.length, 4);
    json.copy(front, PREFIX_BYTES);
    // Only the remainder counts, and no number of bytes is too large for it.
    this.#written = (end + padding + body.length) % ALIGNMENT;
    return [front, body];
  }
}
