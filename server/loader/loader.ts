import { fork, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../protocol/dataset.js';
import { HalftoneError } from '../errors.js';
import { CACHE_FORMAT, type Manifest, type SourceFingerprint } from '../snapshots/manifest.js';
import type { LoadOutcome } from './context.js';
import { inspectionOf, type Inspection } from './inspect.js';
import { EXIT_OVER_MEMORY, type FromChild, type ToChild } from './messages.js';
import type { DatasetSource } from './source.js';

export interface LoaderOptions {
  /** The cage of one child: it cannot take more, whatever the file makes it do. */
  memoryBytes: number;
  /** A load that takes longer is ended. */
  deadlineMs: number;
  /** Threads that DuckDB may use in one child. */
  threads: number;
  log?: (message: string) => void;
  /** The compiled `child.js`. */
  childFile?: string;
}

/** Where a load goes and who follows it. */
export interface LoadTarget {
  /** An empty folder for the segments. */
  dir: string;
  dataset: string;
  id: string;
  sequence: number;
  /** ISO 8601. */
  createdAt: string;
  fingerprint: SourceFingerprint;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** Loads sources in child processes of their own, so that no file can harm more than its own load. */
export interface Loader {
  /** Writes the segments of a source into the target's folder and says what they hold. Publishes nothing. */
  load(source: DatasetSource, target: LoadTarget): Promise<Manifest>;
  /** Reads a source completely and tells what is in it; leaves nothing behind. */
  inspect(source: DatasetSource, signal?: AbortSignal): Promise<Inspection>;
  /** Ends every child. */
  close(): Promise<void>;
}

/** An interrupted query ends within a second or two; what does not is killed. */
const GRACE_MS = 2000;
/** The end of what a child wrote to stderr: enough to tell how it died. */
const STDERR_CHARACTERS = 4000;

type Task = Extract<ToChild, { source: DatasetSource }>;
type Loaded = Extract<FromChild, { type: 'loaded' }>;

export function createLoader(options: LoaderOptions): Loader {
  const {
    memoryBytes,
    deadlineMs,
    threads,
    log,
    childFile = fileURLToPath(new URL('./child.js', import.meta.url)),
  } = options;
  const prlimit = findPrlimit();
  const children = new Set<ChildProcess>();

  function start(): ChildProcess {
    const child = fork(childFile, {
      ...(prlimit === undefined
        ? { execArgv: [] }
        : { execPath: prlimit, execArgv: [`--data=${memoryBytes}`, process.execPath] }),
      env: childEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  function run(
    task: Omit<Task, 'memoryBytes' | 'threads' | 'watch'>,
    { onProgress, signal }: Pick<LoadTarget, 'onProgress' | 'signal'> = {},
  ): Promise<Loaded> {
    const child = start();
    return new Promise<Loaded>((resolve, reject) => {
      let settled = false;
      let stderr = '';
      let ending: HalftoneError | undefined;
      const settle = (done: () => void): void => {
        if (settled) return;
        settled = true;
        clearTimeout(deadline);
        signal?.removeEventListener('abort', cancel);
        done();
      };
      // Asks the child to stop its query, and makes sure of it. The task fails when the child is gone.
      const end = (reason: HalftoneError): void => {
        ending ??= reason;
        if (child.connected) child.send({ type: 'cancel' } satisfies ToChild, () => undefined);
        setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
      };
      const cancel = (): void =>
        end(new HalftoneError('LOAD_CANCELLED', `Loading "${task.source.name}" was cancelled.`));
      const deadline = setTimeout(() => end(tooLong(task.source, deadlineMs)), deadlineMs);

      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-STDERR_CHARACTERS);
      });
      child.on('message', (message: FromChild) => {
        if (message.type === 'progress') onProgress?.(message.progress);
        else if (ending !== undefined) return;
        else if (message.type !== 'failed') settle(() => resolve(message));
        else {
          const { code, message: sentence, details } = message;
          settle(() => reject(new HalftoneError(code, sentence, details)));
        }
      });
      child.once('error', (error) => settle(() => reject(error)));
      // 'close' comes after the last message and the last of stderr.
      child.once('close', (code, killedBy) => {
        if (stderr !== '') log?.(`The loader of "${task.source.name}" said: ${stderr.trim()}`);
        settle(() => reject(ending ?? crashed(task.source, code, killedBy, stderr)));
      });
      signal?.addEventListener('abort', cancel);
      child.send({ ...task, memoryBytes, threads, watch: prlimit === undefined } satisfies ToChild);
      if (signal?.aborted === true) cancel();
    });
  }

  return {
    async load(source, target) {
      const started = performance.now();
      const { dir, dataset, id, sequence, createdAt, fingerprint } = target;
      const answer = await run({ type: 'load', source, dir }, target);
      const { rows, columns, segments, report }: LoadOutcome = answer.outcome;
      return {
        format: CACHE_FORMAT,
        id,
        dataset,
        sequence,
        createdAt,
        rows,
        source: fingerprint,
        columns,
        segments,
        report: { ...report, elapsedMs: Math.round(performance.now() - started) },
      };
    },
    async inspect(source, signal) {
      const dir = await mkdtemp(join(tmpdir(), 'halftone-inspect-'));
      try {
        const { outcome } = await run({ type: 'load', source, dir }, signal && { signal });
        return await inspectionOf(source, outcome);
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    async close() {
      const ended = [...children].map(
        (child) => new Promise((resolve) => child.once('exit', resolve)),
      );
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(ended);
    },
  };
}

/** What a child needs to start, and nothing that the process around it may hold as secrets. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** The program of util-linux that sets a limit and becomes another program; only Linux knows this limit. */
function findPrlimit(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'prlimit');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

function tooLong({ name }: DatasetSource, deadlineMs: number): HalftoneError {
  const seconds = Math.round(deadlineMs / 1000);
  return new HalftoneError(
    'LOAD_TIMEOUT',
    `Loading "${name}" took longer than ${seconds} seconds and was ended.`,
  );
}

function crashed(
  { name, files }: DatasetSource,
  code: number | null,
  killedBy: NodeJS.Signals | null,
  stderr: string,
): HalftoneError {
  const file = files.length === 1 ? basename(files[0]!) : undefined;
  const outOfMemory =
    code === EXIT_OVER_MEMORY || /out of memory|allocation failed|bad_alloc|ENOMEM/i.test(stderr);
  if (outOfMemory) {
    return new HalftoneError(
      'LOAD_OUT_OF_MEMORY',
      `Loading "${name}" took more memory than it may.`,
      {
        file,
        hint: 'Give the load more memory with --memory-limit.',
      },
    );
  }
  const how = killedBy === null ? `with exit code ${code}` : `by signal ${killedBy}`;
  return new HalftoneError(
    'SOURCE_INVALID',
    `${file ?? `"${name}"`} cannot be loaded: its loader ended ${how}. Nothing else is affected.`,
    { file, hint: 'The file is probably damaged; the log of the server tells more.' },
  );
}
