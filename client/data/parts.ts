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
/** After so many bytes the browser may answer a person: where all have come already, reading never waits. */
const TURN_BYTES = 2 * 1024 * 1024;

/** Reads the parts of an answer as they come. Bodies stand at multiples of 8 in memory of their own. */
export async function* readParts(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<AnswerPart, void> {
  const reader = stream.getReader();
  /** What has come and is not taken yet. */
  let rest: Uint8Array = new Uint8Array(0);
  let copied = 0;
  /** Gives the next `length` bytes, or undefined where the answer has ended. */
  async function take(length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const taken = new Uint8Array(length);
    // Bytes are put where they belong as they come: a brush cube of 40 MB at once would take longer than a person waits.
    for (let at = 0; ;) {
      const part = rest.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      copied += part.length;
      rest = rest.subarray(part.length);
      if (at === length) return taken;
      if (copied >= TURN_BYTES) {
        copied = 0;
        await new Promise((resolve) => setTimeout(resolve));
      }
      const { done, value } = await reader.read();
      if (done) {
        if (at > 0) throw new Error('The answer was cut off.');
        return undefined;
      }
      rest = value;
    }
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
