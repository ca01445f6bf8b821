import type { Coding } from '../http/coding.js';
import type { AppParts } from '../routes/parts.js';
import { codedStream } from './coded-stream.js';
import { PartWriter, type FramePart } from './frame-part.js';

/** The bytes of an answer of many parts, each as soon as it is there, and coded as one. */
export async function* sendParts(
  answers: AsyncIterable<FramePart>,
  coding: Coding,
  { metrics }: Pick<AppParts, 'metrics'>,
): AsyncGenerator<Buffer, void> {
  const written = writeParts(answers);
  const pieces = coding === 'identity' ? flattened(written) : codedStream(written, coding);
  for await (const piece of pieces) {
    metrics.sentBytes.inc({ coding }, piece.length);
    yield piece;
  }
}

async function* writeParts(answers: AsyncIterable<FramePart>): AsyncGenerator<Buffer[], void> {
  const writer = new PartWriter();
  for await (const part of answers) yield writer.write(part);
}

async function* flattened(lists: AsyncIterable<readonly Buffer[]>): AsyncGenerator<Buffer, void> {
  for await (const list of lists) yield* list;
}
