import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { DatasetInfo } from '../../protocol/dataset.js';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
// Long, because it is to catch what hangs, not what is slow.
const WAIT = { timeout: 240_000, interval: 20 };

/** A command that was started, as a shell sees it. */
export interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** The exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>;
}

/** A server that is ready. */
export interface Server extends Run {
  /** Without a slash at its end. */
  url: string;
  port: number;
}

/** A folder of its own with a cache of its own, and the processes that were started in it. */
export interface Workplace {
  folder: string;
  run: (args: readonly string[], env?: Record<string, string | undefined>) => Run;
  serve: (args: readonly string[], env?: Record<string, string | undefined>) => Promise<Server>;
  /** Ends every process and removes the folder. */
  close: () => Promise<void>;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'halftone contract ü '));
  const running = new Set<ChildProcess>();

  const run: Workplace['run'] = (args, env = {}) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        XDG_CACHE_HOME: join(folder, '.cache'),
        HALFTONE_TOKEN: undefined,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const exited = once(child, 'close').then(([code, signal]) => {
      running.delete(child);
      return (code ?? signal) as number | NodeJS.Signals;
    });
    return { child, exited, stdout: () => out, stderr: () => err };
  };

  return {
    folder,
    run,
    async serve(args, env) {
      const started = run(['--port', '0', '--no-open', ...args], env);
      const line = /^Halftone is listening on (\S+)\n/u;
      const { child, stdout, stderr } = started;
      await vi.waitUntil(() => line.test(stdout()) || child.exitCode !== null, WAIT);
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${stderr()}`);
      const url = line.exec(stdout())![1]!.replace(/\/$/u, '');
      return { ...started, url, port: Number(new URL(url).port) };
    },
    async close() {
      for (const child of running) {
        const gone = once(child, 'close');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The datasets of a server once none of them is being loaded. */
export async function settledDatasets(url: string, headers = {}): Promise<DatasetInfo[]> {
  const settled = async () => {
    const answer = await fetch(`${url}/api/v1/datasets`, { headers });
    const { datasets } = (await answer.json()) as { datasets: DatasetInfo[] };
    return datasets.every(({ status }) => status !== 'loading') && datasets;
  };
  return vi.waitUntil(settled, WAIT);
}

/** Sends bytes to a port as they are, and gives everything that comes back until the connection ends. */
export function sendRaw(
  port: number,
  text: string,
  { end = false }: { end?: boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (got += piece));
    socket.on('close', () => resolve(got));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Where the server has answered before it had read everything, the rest of what we send is refused.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.write(text);
    if (end) socket.end();
  });
}

/** The base64url of a query's JSON, as an address carries it. */
export const addressOf = (query: unknown): string =>
  Buffer.from(typeof query === 'string' ? query : JSON.stringify(query)).toString('base64url');
