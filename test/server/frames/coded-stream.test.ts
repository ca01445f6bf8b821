import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codedStream } from '../../../server/frames/coded-stream.js';

async function* parts(...texts: string[]): AsyncGenerator<Buffer[]> {
  for (const text of texts) yield [Buffer.from(text), Buffer.from('|')];
}

describe.each(['br', 'gzip'] as const)('an answer coded as %s', (coding) => {
  test('is one stream, and nothing is one too', async () => {
    const decode = coding === 'br' ? brotliDecompressSync : gunzipSync;
    const long = 'abc'.repeat(100_000);
    for (const texts of [[], ['a'], ['a', '', long, 'b']]) {
      const pieces: Buffer[] = [];
      for await (const piece of codedStream(parts(...texts), coding)) pieces.push(piece);
      expect(decode(Buffer.concat(pieces)).toString()).toBe(
        texts.map((text) => `${text}|`).join(''),
      );
    }
  });

  test('can be read up to each part before the next one is there', async () => {
    const decoder = coding === 'br' ? createBrotliDecompress() : createGunzip();
    let read = '';
    decoder.setEncoding('utf8').on('data', (text: string) => (read += text));
    async function* each(): AsyncGenerator<Buffer[]> {
      for (const text of ['first', 'second', 'third']) {
        yield [Buffer.from(text)];
        // Everything so far has been handed on by the time that the next part is asked for.
        expect(read.endsWith(text)).toBe(true);
      }
    }
    for await (const piece of codedStream(each(), coding)) {
      await new Promise<void>((resolve) => decoder.write(piece, () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(read).toBe('firstsecondthird');
  });

  test('ends where its parts fail', async () => {
    async function* failing(): AsyncGenerator<Buffer[]> {
      yield [Buffer.from('a')];
      throw new Error('No more.');
    }
    await expect(async () => {
      for await (const piece of codedStream(failing(), coding))
        expect(piece.length).toBeGreaterThan(0);
    }).rejects.toThrow('No more.');
  });
});
