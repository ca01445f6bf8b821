import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Query } from '../../protocol/query.js';
import { frameFolder } from '../../server/frames/frame-store.js';

/** How often a server is asked whether it is ready, in milliseconds: seldom enough not to slow it down. */
const POLL_MS = 10;

/** A process of the built server, as a person starts it. */
export interface BenchServer {
  url: string;
  pid: number;
  /** Waits until the dataset can be asked; throws what the server says where it cannot be loaded. */
  ready(dataset: string): Promise<void>;
  get<T>(path: string): Promise<T>;
  frame(query: Query): Promise<Uint8Array>;
  stop(): Promise<void>;
}

/**
 * Starts `dist/server/main.js` on a free port and waits until it listens. Frames that an earlier start kept on disk
 * are removed: a bench times their making.
 */
export async function startServer(
  paths: readonly string[],
  cacheDir: string,
  options: readonly string[] = [],
): Promise<BenchServer> {
  rmSync(frameFolder(cacheDir), { recursive: true, force: true });
  const main = join(process.cwd(), 'dist', 'server', 'main.js');
  const args = [main, ...paths, '--port', '0', '--no-open', '--cache-dir', cacheDir, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const base = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /listening on (\S+)/.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)));
  });

  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${base}/api/v1/${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    url: `${base}/`,
    pid: child.pid!,
    async ready(dataset) {
      for (;;) {
        const { status, problem } = await get<DatasetInfo>(`datasets/${dataset}`);
        if (status === 'ready') return;
        if (status === 'failed') throw new Error(problem?.detail);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    get,
    async frame(query) {
      const response = await fetch(`${base}/api/v1/frame`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(query),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The bytes of a frame as a browser on another machine is sent them, and their coding. */
export async function frameFromAfar(
  { url }: BenchServer,
  query: Query,
): Promise<{ sent: Buffer; coding: string | undefined }> {
  const headers = {
    'content-type': 'application/json',
    'accept-encoding': 'gzip, deflate, br',
    ...FROM_AFAR,
  };
  return new Promise((resolve, reject) => {
    const asking = request(`${url}api/v1/frame`, { method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const sent = Buffer.concat(chunks);
        if (response.statusCode === 200)
          resolve({ sent, coding: response.headers['content-encoding'] });
        else reject(new Error(`${response.statusCode} ${sent.toString()}`));
      });
    });
    asking.once('error', reject);
    asking.end(JSON.stringify(query));
  });
}

/** With this the server takes a client on this machine for one that came through a proxy. */
export const FROM_AFAR = { 'x-forwarded-for': '192.0.2.1' };

/** The resident memory of a process in bytes. Linux only. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}
