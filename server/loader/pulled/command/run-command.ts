import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { HalftoneError } from '../../../errors.js';
import type { PullContext } from '../../context.js';
import { findProgram, isProgram } from '../../find-program.js';
import { commandName } from '../../public-options.js';
import { redacting } from '../redact.js';
import { createCommandLog } from './command-log.js';
import { outsideCage } from './outside-cage.js';

/** What it prints is looked at so often. */
const LOOK_EVERY_MS = 50;
/** From asking it to end until it is ended: less than this process has until it is ended itself. */
const GRACE_MS = 1000;
/** More than this is not meant. */
const MAX_BYTES = 64 * 2 ** 30;

/**
 * Runs the command of a source with its standard output in the file `path`, and waits for its end. Rejects where it cannot be started,
 * fails, prints nothing or too much, or the load is cancelled; whatever it has started in its process group ends with it.
 */
export async function runCommand(context: PullContext, path: string): Promise<void> {
  const { argv, cwd, env = {}, maxBytes = MAX_BYTES } = context.source.command!;
  const { environment, signal } = context;
  const name = commandName(argv);
  const redact = redacting(Object.values(env));
  const log = createCommandLog((line) => context.onLog(redact(line)));
  const file = openSync(path, 'wx', 0o600);
  const size = (): number => fstatSync(file).size;
  let tooLarge = false;
  try {
    signal.throwIfAborted();
    const [program, ...words] = [...outsideCage(), locate(argv, cwd, environment['PATH'])];
    const child = spawn(program, [...words, ...argv.slice(1)], {
      cwd,
      env: environment,
      // A group of its own: what it starts ends with it.
      detached: true,
      stdio: ['ignore', file, 'pipe'],
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => log.write(text));
    if (child.pid !== undefined) context.onGroup(child.pid);
    const stop = (): void => {
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    };
    // This process may end before: its parent has gone.
    const endNow = (): void => endGroup(child, 'SIGKILL');
    process.once('exit', endNow);
    const looking = setInterval(() => {
      const bytes = size();
      context.onProgress({ stage: 'reading', rows: 0, bytes });
      if (bytes <= maxBytes || tooLarge) return;
      tooLarge = true;
      endNow();
    }, LOOK_EVERY_MS);
    signal.addEventListener('abort', stop, { once: true });
    const ended = await endOf(child, name).finally(() => {
      clearInterval(looking);
      process.off('exit', endNow);
      signal.removeEventListener('abort', stop);
      log.end();
    });
    if (signal.aborted) {
      throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.');
    }
    if (tooLarge || size() > maxBytes) throw printedTooMuch(name, maxBytes);
    const said = log.last === undefined ? '' : ` ${redact(log.last)}`;
    if (ended !== undefined) throw failed(name, ended, said);
    if (size() === 0) throw printedNothing(name, said);
  } finally {
    closeSync(file);
  }
}

/** The program to start, absolute. One with a slash is looked for in the folder of the command, others on the PATH. */
function locate([program = '']: readonly string[], cwd: string, path: string | undefined): string {
  const isPath = program.includes('/') || isAbsolute(program);
  const found = isPath ? resolve(cwd, program) : findProgram(program, path);
  if (found !== undefined && isProgram(found)) return found;
  throw new HalftoneError(
    'COMMAND_FAILED',
    isPath
      ? `The program "${program}" is missing or may not be run.`
      : `There is no program "${program}" on the PATH.`,
    {
      hint: isPath
        ? 'It is looked for from the folder of the configuration, and needs the permission to be run.'
        : 'Install it, or give its whole path.',
    },
  );
}

/** How a program ended; undefined where it ended well. */
async function endOf(child: ChildProcess, name: string): Promise<string | undefined> {
  const closed = new Promise((settle) => child.once('close', settle));
  const ended = await new Promise<string | undefined>((settle, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new HalftoneError('COMMAND_FAILED', `${name} cannot be started: ${error.code}.`, {
          hint: 'Its folder is missing, or it is no program of this machine.',
          cause: error,
        }),
      );
    });
    child.once('exit', (code, killedBy) => {
      if (code === 0) settle(undefined);
      else settle(killedBy === null ? `with exit code ${code}` : `by signal ${killedBy}`);
    });
  });
  // Whatever it left running ends now; who left its group is not waited for.
  endGroup(child, 'SIGKILL');
  await Promise.race([closed, new Promise((settle) => setTimeout(settle, GRACE_MS).unref())]);
  return ended;
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}

function failed(name: string, how: string, said: string): HalftoneError {
  return new HalftoneError(
    'COMMAND_FAILED',
    `${name} ended ${how}${said === '' ? '.' : `:${said}`}`,
    {
      hint: 'Nothing was published. The log of the run has what it wrote to standard error.',
    },
  );
}

function printedNothing(name: string, said: string): HalftoneError {
  return new HalftoneError(
    'SOURCE_EMPTY',
    `${name} printed nothing${said === '' ? '.' : `:${said}`}`,
    {
      hint: 'Rows go to standard output: CSV, Arrow, Parquet or JSON lines.',
    },
  );
}

function printedTooMuch(name: string, maxBytes: number): HalftoneError {
  return new HalftoneError(
    'SOURCE_TOO_LARGE',
    `${name} printed more than ${maxBytes} bytes, and was ended.`,
    { hint: 'Print less, or raise maxBytes of the dataset.' },
  );
}
