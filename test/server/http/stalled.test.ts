import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addressOf, buildTestApp, fakeEngine, fakeFrame, type TestApp } from '../helpers.js';

let made: TestApp;
let port: number;
let answer: () => void;
let asked: Promise<void>;
beforeEach(async () => {
  const waits = new Promise<void>((resolve) => (answer = resolve));
  let tell = (): void => {};
  asked = new Promise((resolve) => (tell = resolve));
  const engine = {
    ...fakeEngine(),
    async frame() {
      tell();
      await waits;
      return fakeFrame();
    },
  };
  made = await buildTestApp({ parts: { engine } });
  await made.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = made.app.server.address() as AddressInfo);
});
afterEach(() => made.app.close());

/** Connects, and gives both ends. */
async function open(): Promise<{ near: Socket; far: Socket }> {
  const near = connect(port, '127.0.0.1');
  // It may be reset.
  near.on('error', () => {});
  const [far] = (await once(made.app.server, 'connection')) as [Socket];
  return { near, far };
}

const head = (line: string, headers = '') =>
  `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const frame = `GET /api/v1/frame?q=${addressOf({ dataset: 'a', mark: 'rows' })}`;

test('a request that waits for its answer is not given up', async () => {
  const { near, far } = await open();
  near.write(head(frame));
  await asked;
  made.app.server.emit('timeout', far);
  expect(far.destroyed).toBe(false);
  answer();
  const [piece] = (await once(near, 'data')) as [Buffer];
  expect(piece.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK/u);
  // Answered and idle again: nobody needs it.
  made.app.server.emit('timeout', far);
  expect(far.destroyed).toBe(true);
});

test('a connection without a request, or with half of one, is closed', async () => {
  const idle = await open();
  made.app.server.emit('timeout', idle.far);
  expect(idle.far.destroyed).toBe(true);
  const half = await open();
  const headers = 'Content-Type: application/json\r\nContent-Length: 1000\r\n';
  const begun = once(made.app.server, 'request');
  half.near.write(`${head('POST /api/v1/frame', headers)}{"dataset"`);
  await begun;
  made.app.server.emit('timeout', half.far);
  expect(half.far.destroyed).toBe(true);
});
