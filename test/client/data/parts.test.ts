import { expect, test } from 'vitest';
import { readParts } from '../../../client/data/parts.js';

const part = (head: object, body: number[]): number[] => {
  const written = new TextEncoder().encode(JSON.stringify(head));
  const lengths = new Uint8Array(new Uint32Array([written.length, body.length]).buffer);
  return [...lengths, ...written, ...body];
};
const BYTES = Uint8Array.from([
  ...part({ index: 1, status: 200, headers: {} }, [1, 2, 3]),
  ...part({ index: 0, id: 'a', part: 'cube', status: 200, headers: { etag: 'x' } }, []),
]);

/** The same bytes, `size` at a time. */
const streamOf = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });

test.each([1, 2, 7, 8, 9, 1000])(
  'parts are read however they are cut, %i bytes at a time',
  async (size) => {
    const read = [];
    for await (const each of readParts(streamOf(BYTES, size))) read.push(each);
    expect(read).toEqual([
      { index: 1, status: 200, headers: {}, body: Uint8Array.of(1, 2, 3) },
      {
        index: 0,
        id: 'a',
        part: 'cube',
        status: 200,
        headers: { etag: 'x' },
        body: new Uint8Array(0),
      },
    ]);
  },
);

test('an answer that is cut off anywhere within a part is an error', async () => {
  const first = part({ index: 1, status: 200, headers: {} }, [1, 2, 3]).length;
  for (let length = 1; length < BYTES.length; length++) {
    const read = async (): Promise<number> => {
      let count = 0;
      for await (const _ of readParts(streamOf(BYTES.slice(0, length), 5))) count++;
      return count;
    };
    if (length === first) expect(await read()).toBe(1);
    else await expect(read()).rejects.toThrow('cut off');
  }
});

test('long parts leave room for other tasks, though all of their bytes are there', async () => {
  const body = new Uint8Array(5 * 1024 * 1024).fill(7);
  const head = new TextEncoder().encode('{}');
  const lengths = new Uint8Array(new Uint32Array([head.length, body.length]).buffer);
  const bytes = new Uint8Array(Buffer.concat([lengths, head, body]));
  let others = 0;
  const timer = setInterval(() => others++);
  for await (const { body: read } of readParts(streamOf(bytes, 64 * 1024))) {
    expect(Buffer.compare(read, body)).toBe(0);
    expect(others).toBeGreaterThan(0);
  }
  clearInterval(timer);
});
