/** A part of an answer to many queries, as the reference describes it. */
export interface ReadPart {
  index: number;
  /** Of brush cubes: the view, and what this is of it. */
  id?: string;
  part?: string;
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** Where the body began in the answer. */
  at: number;
}

/** Reads whole answers of `POST /api/v1/frames`; throws where they do not end with a part. */
export function readParts(bytes: Uint8Array): ReadPart[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: ReadPart[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = at + 8 + view.getUint32(at, true);
    const end = head + view.getUint32(at + 4, true);
    if (end > bytes.length) throw new Error(`A part ends at ${end} of ${bytes.length} bytes.`);
    const written = JSON.parse(new TextDecoder().decode(bytes.subarray(at + 8, head))) as ReadPart;
    parts.push({ ...written, body: bytes.slice(head, end), at: head });
    at = end;
  }
  return parts;
}
