import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { DatasetInfo } from '../../protocol/dataset.js';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** A process of the built product, as a person starts it. */
export interface Halftone {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  exited: Promise<number | null>;
  /** Waits until it listens. */
  address(): Promise<string>;
  /** Waits until a dataset answers or has failed. */
  settled(name: string): Promise<DatasetInfo>;
  dataset(name: string): Promise<DatasetInfo>;
  frame(query: object): Promise<Response>;
  /** Ends it in order, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

export interface HalftoneOptions {
  cwd: string;
  /** A program that starts it, with its arguments. */
  through?: readonly string[];
}

/** Against hanging, not against slowness. */
export const WAIT = { timeout: 300_000, interval: 50 };

const running = new Set<Halftone>();

/** Starts a command of the built product. */
export function halftone(
  args: readonly string[],
  { cwd, through = [] }: HalftoneOptions,
): Halftone {
  const [program, ...rest] = [...through, process.execPath, MAIN, ...args];
  const env = { ...process.env, HALFTONE_TOKEN: undefined };
  const child = spawn(program!, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const started: Halftone = {
    child,
    stdout: () => out,
    stderr: () => err,
    exited: once(child, 'close').then(([code]) => {
      running.delete(started);
      return code as number | null;
    }),
    async address() {
      const listening = /listening on (\S+)\n/u;
      await vi.waitFor(() => {
        if (!hasEnded()) expect(out).toMatch(listening);
      }, WAIT);
      expect(out, err).toMatch(listening);
      return listening.exec(out)![1]!;
    },
    async dataset(name) {
      const url = await started.address();
      return (await fetch(`${url}/api/v1/datasets/${name}`)).json() as Promise<DatasetInfo>;
    },
    async settled(name) {
      const settled = await vi.waitFor(async () => {
        if (hasEnded()) return undefined;
        const info = await started.dataset(name);
        expect(info.status).not.toBe('loading');
        // Also what is ready may be loaded anew.
        expect(info.progress).toBeUndefined();
        return info;
      }, WAIT);
      if (settled !== undefined) return settled;
      throw new Error(`It ended with ${child.exitCode ?? child.signalCode}: ${err}`);
    },
    async frame(query) {
      return fetch(`${await started.address()}/api/v1/frame`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(query),
      });
    },
    stop() {
      child.kill('SIGTERM');
      return started.exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await started.exited;
    },
  };
  running.add(started);
  return started;
}

/** Ends what a test has left running. */
export async function killAll(): Promise<void> {
  for (const one of running) await one.kill();
}
