import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWorkplace, settledDatasets, type Run, type Workplace } from './cli-process.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i},a rather long text of row ${i}`);
  writeFileSync(join(place.folder, 'long.csv'), `n,text\n${rows.join('\n')}\n`);
});
afterEach(() => place.close());

/** Asks for every row, and reads none. */
async function stall(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET /api/v1/datasets/long/export HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return socket;
}

const isClosed = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a server in order', async (signal) => {
  const server = await place.serve(['long.csv']);
  await settledDatasets(server.url);
  const events = await fetch(`${server.url}/api/v1/events`);
  const idle = connect(server.port, '127.0.0.1');
  // What the server has not taken yet is reset as it ends.
  idle.on('error', () => {});
  const stalled = await stall(server.port);
  server.child.kill(signal);
  expect(await server.exited).toBe(0);
  expect(await events.text()).toContain('event: dataset');
  expect(server.stdout()).toBe(`Halftone is listening on ${server.url}\n`);
  expect(server.stderr()).not.toMatch(/error/iu);
  for (const socket of [idle, stalled]) socket.destroy();
});

test('a second signal ends it at once, and the next start finds its cache in order', async () => {
  const server = await place.serve(['long.csv']);
  await settledDatasets(server.url);
  const stalled = await stall(server.port);
  server.child.kill('SIGINT');
  await expect.poll(() => isClosed(server.port)).toBe(true);
  server.child.kill('SIGINT');
  expect(await server.exited).toBe(130);
  stalled.destroy();
  const again = await place.serve(['long.csv']);
  expect(await settledDatasets(again.url)).toMatchObject([{ status: 'ready', rows: 200_000 }]);
  expect(again.stderr()).not.toContain('Another process');
});

test('a load that a signal ends leaves nothing half-done', async () => {
  const rows = Array.from({ length: 1_500_000 }, (_, i) => `${i},a rather long text of row ${i}`);
  writeFileSync(join(place.folder, 'longer.csv'), `n,text\n${rows.join('\n')}\n`);
  const cache = join(place.folder, '.cache', 'halftone', 'v1');
  const holds = (pattern: RegExp): boolean =>
    existsSync(cache) &&
    readdirSync(cache, { recursive: true, encoding: 'utf8' }).some((path) => pattern.test(path));
  const isPartial = (): boolean => holds(/\.partial-/u);

  /** Starts a load and waits until it writes; one that is over before a busy machine looks is started again. */
  async function startLoad(command: readonly string[]): Promise<Run> {
    for (;;) {
      rmSync(cache, { recursive: true, force: true });
      const started = place.run(command);
      let isWriting = false;
      await expect
        .poll(() => (isWriting = isPartial()) || holds(/manifest\.json$/u), {
          timeout: 120_000,
          interval: 10,
        })
        .toBe(true);
      if (isWriting) return started;
      started.child.kill('SIGKILL');
      await started.exited;
    }
  }

  for (const command of [
    ['inspect', 'longer.csv'],
    ['--port', '0', 'longer.csv'],
  ]) {
    const started = await startLoad(command);
    started.child.kill('SIGINT');
    // Nothing was refused: an inspection without an answer has failed, a server that was stopped has not.
    const code = await started.exited;
    expect(code).toBe(command[0] === 'inspect' && started.stdout() === '' ? 1 : 0);
    expect(isPartial()).toBe(false);
  }
});
