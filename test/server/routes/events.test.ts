import { connect, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { App } from '../../../server/routes/parts.js';
import { buildTestApp } from '../helpers.js';

let app: App | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app?.close();
});

/** A reader of the stream at a port, as bytes come; one that stalls reads its headers and nothing more. */
function reader(port: number, { stalls = false } = {}) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.write('GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const state = { socket, text: '', isGone: false };
  socket.setEncoding('utf8').on('data', (text: string) => {
    state.text += text;
    if (stalls) socket.pause();
  });
  socket.on('error', () => undefined).on('close', () => (state.isGone = true));
  return state;
}

test('events are whole, in order and the same for all, also where others do not read', async () => {
  const built = await buildTestApp();
  ({ app } = built);
  const { events } = built.parts;
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  const readers = Array.from({ length: 20 }, (_, i) => reader(port, { stalls: i < 5 }));
  await vi.waitFor(() => expect(readers.every(({ text }) => text.includes('event:'))).toBe(true));
  expect(events.readers).toBe(20);
  const pad = 'ä'.repeat(32_000);
  let published = 0;
  // More than a connection takes before anybody reads.
  while (events.readers > 15 && published < 2_000) {
    events.publish({ name: 'dataset', data: { dataset: 'a', number: published++, pad } });
    await vi.waitFor(() => {
      const heard = readers
        .slice(5)
        .every(({ text }) => text.includes(`"number":${published - 1},`));
      expect(heard).toBe(true);
    });
    for (const one of readers.slice(5)) {
      const blocks = one.text.split('\n\n').slice(0, -1);
      const numbers = blocks.flatMap((block) => /"number":(\d+),/u.exec(block)?.[1] ?? []);
      expect(numbers).toEqual([String(published - 1)]);
      one.text = '';
    }
  }
  expect(events.readers).toBe(15);
  expect(readers.filter(({ isGone }) => isGone)).toEqual([]);
  readers[0]!.socket.removeAllListeners('data').resume();
  await vi.waitFor(() => expect(readers[0]!.isGone).toBe(true));
});
