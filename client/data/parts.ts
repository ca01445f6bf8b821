/** One part of an answer to many questions: see `POST /api/v1/frames` in docs/reference/http.md. */
export interface AnswerPart {
  /** Which question it answers, from 0. */
  index: number;
  /** Of brush cubes: the view, and what this is of it. */
  id?: string;
  part?: 'frame' | 'cube' | 'fallback' | 'problem';
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Each part has two lengths in front: of its head and of its body. */
const PREFIX = 8;

/** Reads the parts of an answer as they come. Bodies stand at multiples of 8 in memory of their own. */
export async function* readParts(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<AnswerPart, void> {
  const reader = stream.getReader();
  let chunks: Uint8Array[] = [];
  let held = 0;
  /** Gives the first `length` bytes, or undefined where the answer has ended. */
  async function take(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (held < length) {
      const { done, value } = await reader.read();
      if (done) {
        if (held > 0) throw new Error('The answer was cut off.');
        return undefined;
      }
      chunks.push(value);
      held += value.length;
    }
    const taken = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const [first] = chunks as [Uint8Array];
      const part = first.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === first.length) chunks = chunks.slice(1);
      else chunks[0] = first.subarray(part.length);
    }
    held -= length;
    return taken;
  }
  try {
    for (;;) {
      const prefix = await take(PREFIX);
      if (prefix === undefined) return;
      const view = new DataView(prefix.buffer);
      const head = await take(view.getUint32(0, true));
      const body = await take(view.getUint32(4, true));
      if (head === undefined || body === undefined) throw new Error('The answer was cut off.');
      yield { ...(JSON.parse(new TextDecoder().decode(head)) as Omit<AnswerPart, 'body'>), body };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
