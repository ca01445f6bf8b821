import { readFileSync } from 'node:fs';
import { constrainedMemory } from 'node:process';
import { totalmem } from 'node:os';
import { runCommandLine } from './cli/program.js';
import type { Terminal } from './cli/terminal.js';

const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
const { env, stderr, stdout } = process;
const isInteractive = stderr.isTTY && env['TERM'] !== 'dumb';
// A container may own less than the machine has; 0 or a huge number means that it is not limited.
const allowed = constrainedMemory();

const terminal: Terminal = {
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  isInteractive,
  columns: stderr.columns ?? 80,
  isColored: isInteractive && (env['NO_COLOR'] ?? '') === '',
  env,
  cwd: process.cwd(),
  platform: process.platform,
  totalMemory: allowed > 0 ? Math.min(allowed, totalmem()) : totalmem(),
  now: () => performance.now(),
};

// The first signal stops in order, the second one at once.
const stop = new AbortController();
const onSignal = (): void => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
};
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// A reader that goes away (`halftone inspect … 2>&1 | head`) is no failure.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Not awaited at the top: the bundle is CommonJS.
void runCommandLine(process.argv.slice(2), { terminal, version, stop: stop.signal }).then(
  (code) => {
    // Everything is closed by now; what still keeps the process alive is not worth waiting for. Written output is.
    stdout.write('', () => process.exit(code));
  },
);
