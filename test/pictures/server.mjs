// The built server as a process of its own, for the tour.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');

/** Starts it with some arguments, in `cwd`; resolves when it listens. */
export async function startServer(args, cwd) {
  const child = spawn(process.execPath, [MAIN, ...args, '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = /listening on (\S+)/.exec(printed)?.[1];
      if (found) resolve(`${found}/`);
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
