import { API } from '../../protocol/media.js';
import { readCube, type Cube } from '../cube/read-cube.js';
import { decodeFrame, type DecodedFrame } from './frame.js';
import { readParts } from './parts.js';

/** Asks for brush cubes, and hands each on with the frame of its view as soon as both are there. */
export async function loadCubes(
  base: string,
  body: unknown,
  take: (id: string, frame: DecodedFrame, cube: Cube) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(`${base}${API}/cubes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok || response.body === null) {
    throw new Error(`The server answered with the status ${response.status}.`);
  }
  const frames = new Map<string, DecodedFrame>();
  for await (const { id, part, body: bytes } of readParts(response.body)) {
    if (id === undefined) continue;
    if (part === 'frame') frames.set(id, decodeFrame(bytes));
    const frame = frames.get(id);
    if (part === 'cube' && frame !== undefined) take(id, frame, readCube(bytes));
  }
}
