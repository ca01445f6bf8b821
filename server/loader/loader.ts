import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../../protocol/dataset.js';
import { HalftoneError } from '../errors.js';
import {
  CACHE_FORMAT,
  type Manifest,
  type SourceFingerprint,
  type SourceVersion,
} from '../snapshots/manifest.js';
import type { PulledCopy } from '../snapshots/pulled-copy.js';
import { sharedSegments, type AppendBase } from './append/append-base.js';
import { createChildren } from './children.js';
import { commandEnvironment } from './environment.js';
import { followReferences } from './follow-references.js';
import {
  EXIT_OVER_MEMORY,
  type Cage,
  type DescribedFile,
  type DescribeTask,
  type FileToDescribe,
  type FromChild,
  type LoadTask,
  type Refusal,
  type ToChild,
  type VerifyTask,
} from './messages.js';
import type { DatasetSource } from './source.js';
import type { ClaimTask, Proof } from './verify/prove.js';

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
  /** Told each line that a command writes beside its rows. */
  onLog?: (line: string) => void;
  signal?: AbortSignal;
  /** The snapshot that the new one may begin with: the manifest then says whether it does. */
  base?: { id: string; of: AppendBase } | undefined;
  /** Of a pulled source a Parquet file with its rows, from before: they are read from there. */
  copy?: PulledCopy | undefined;
  /** Less or more time than the loader gives to others. */
  deadlineMs?: number;
  /** It is expected to be small, and has a small part of the memory of others. */
  isSmall?: boolean;
}

/** Loads sources in child processes of their own, so that no file can harm more than its own load. */
export interface Loader {
  /** Writes the segments of a source into the target's folder and says what they hold. Publishes nothing. */
  load(source: DatasetSource, target: LoadTarget): Promise<Manifest>;
  /** As `load`; undefined where the source says that it has the version of the newest snapshot still. */
  loadSince(
    version: SourceVersion,
    source: DatasetSource,
    target: LoadTarget,
  ): Promise<Manifest | undefined>;
  /** Names the columns of files, in their order, without reading their rows. */
  describe(files: readonly FileToDescribe[]): Promise<(readonly string[] | HalftoneError)[]>;
  /**
   * Holds a frame against its source, by SQL. `dir` is an empty folder for copies and what does not fit into memory. Its
   * errors are those of a load: it is one, to another end.
   */
  verify(
    source: DatasetSource,
    claim: ClaimTask,
    options: { dir: string; deadlineMs: number; signal: AbortSignal },
  ): Promise<Proof>;
  /** Ends every child, and starts no other. */
  close(): Promise<void>;
}

/** An interrupted query ends within a second or two; what does not is killed. */
const GRACE_MS = 2000;
/** What Node, DuckDB and a few columns take, with room. */
const LEAST_SMALL_BYTES = 512 * 2 ** 20;
/** The end of what a child wrote to stderr: enough to tell how it died. */
const STDERR_CHARACTERS = 4000;

interface Tasks {
  load: Omit<LoadTask, keyof Cage>;
  describe: Omit<DescribeTask, keyof Cage>;
  verify: Omit<VerifyTask, keyof Cage>;
}
/** How an answer begins, by the task it answers. */
const ANSWERS = { load: 'loaded', describe: 'described', verify: 'verified' } as const;
type Answer<T extends keyof Tasks> = Extract<FromChild, { type: (typeof ANSWERS)[T] }>;

type RunOptions = Pick<LoadTarget, 'onProgress' | 'onLog' | 'signal' | 'deadlineMs' | 'isSmall'> & {
  /** Such a task is expected again. */
  isRepeated?: boolean;
};

/** What a task is about, for sentences. */
type Subject = Pick<DatasetSource, 'name' | 'files'> & Partial<Pick<DatasetSource, 'kind'>>;

export function createLoader(options: LoaderOptions): Loader {
  const {
    memoryBytes,
    deadlineMs,
    threads,
    log,
    childFile = fileURLToPath(new URL('./child.js', import.meta.url)),
  } = options;
  const children = createChildren({ childFile });
  let isClosed = false;

  function run<T extends keyof Tasks>(
    task: Tasks[T] & { type: T },
    subject: Subject,
    {
      onProgress,
      onLog,
      signal,
      deadlineMs: ownMs = deadlineMs,
      isSmall = false,
      isRepeated = false,
    }: RunOptions = {},
  ): Promise<Answer<T>> {
    const cancelled = (): HalftoneError =>
      new HalftoneError('LOAD_CANCELLED', `Loading "${subject.name}" was cancelled.`);
    if (isClosed) return Promise.reject(cancelled());
    const cageBytes = isSmall ? smallPartOf(memoryBytes) : memoryBytes;
    const purpose = { kind: subject.kind, cageBytes };
    const child = children.take(purpose);
    let group: number | undefined;
    return new Promise<Answer<T>>((resolve, reject) => {
      let settled = false;
      let stderr = '';
      let ending: HalftoneError | undefined;
      const settle = (done: () => void): void => {
        if (settled) return;
        settled = true;
        clearTimeout(deadline);
        signal?.removeEventListener('abort', cancel);
        if (isRepeated) children.keepReady(purpose);
        done();
      };
      // Asks the child to stop its query, and makes sure of it. The task fails when the child is gone.
      const end = (reason: HalftoneError): void => {
        ending ??= reason;
        if (child.connected) child.send({ type: 'cancel' } satisfies ToChild, () => undefined);
        setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
      };
      const cancel = (): void => end(cancelled());
      const deadline = setTimeout(() => end(tooLong(subject, ownMs)), ownMs);

      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-STDERR_CHARACTERS);
      });
      child.on('message', (message: FromChild) => {
        if (message.type === 'progress') onProgress?.(message.progress);
        else if (message.type === 'log') onLog?.(message.line);
        else if (message.type === 'group') group = message.id;
        else if (ending !== undefined) return;
        else if (message.type !== 'failed') settle(() => resolve(message as Answer<T>));
        else settle(() => reject(revive(message)));
      });
      child.once('error', (error) => settle(() => reject(error)));
      // 'close' comes after the last message and the last of stderr.
      child.once('close', (code, killedBy) => {
        // A child that was killed could not end what it had started.
        if (group !== undefined) killGroup(group);
        if (stderr !== '') log?.(`The loader of "${subject.name}" said: ${stderr.trim()}`);
        settle(() => reject(ending ?? crashed(subject, code, killedBy, stderr)));
      });
      signal?.addEventListener('abort', cancel);
      const message = {
        ...task,
        memoryBytes: cageBytes,
        threads,
        deadlineMs: ownMs,
        watch: children.watch,
      };
      // Without a callback, a child that is gone already would be told as a second 'error', which ends this process.
      child.send(message satisfies ToChild, () => undefined);
      if (signal?.aborted === true) cancel();
    });
  }

  async function load(
    source: DatasetSource,
    target: LoadTarget,
    previous?: SourceVersion,
  ): Promise<Manifest | undefined> {
    const started = performance.now();
    const { dir, dataset, id, sequence, createdAt, fingerprint, base, copy } = target;
    const followed = followReferences(source, process.env);
    const environment = commandEnvironment(followed, process.env);
    const task = {
      type: 'load',
      source: followed,
      dir,
      environment,
      previous,
      base: base?.of,
      copy,
    } as const;
    // A second snapshot will be followed by a third.
    const { outcome } = await run(task, source, { ...target, isRepeated: sequence > 1 });
    if (outcome === undefined) return undefined;
    const { rows, columns, segments, report, version, resume, isAppend = false } = outcome;
    const first = isAppend ? base : undefined;
    return {
      format: CACHE_FORMAT,
      id,
      dataset,
      sequence,
      createdAt,
      ...(copy && { pulledAt: copy.pulledAt }),
      rows,
      ...(first && { appendedTo: { id: first.id, rows: first.of.rows } }),
      ...(resume && { resume }),
      source: fingerprint,
      ...(version === undefined ? {} : { version }),
      columns,
      segments: [...(first === undefined ? [] : sharedSegments(first.id, first.of)), ...segments],
      report: { ...report, elapsedMs: Math.round(performance.now() - started) },
    };
  }

  return {
    load: async (source, target) => (await load(source, target))!,
    loadSince: (version, source, target) => load(source, target, version),
    async describe(files) {
      const dir = await mkdtemp(join(tmpdir(), 'halftone-describe-'));
      const ask = async (some: readonly FileToDescribe[]): Promise<DescribedFile[]> => {
        const paths = some.map(({ path }) => path);
        const task = { type: 'describe', files: some, dir } as const;
        try {
          return (await run(task, { name: basename(paths[0]!), files: paths })).files;
        } catch (error) {
          if (!(error instanceof HalftoneError)) throw error;
          // A file that ends its reader is found by asking for each alone.
          if (some.length > 1) return (await inTurn(some, (one) => ask([one]))).flat();
          return [{ failed: error }];
        }
      };
      try {
        return (await ask(files)).map((file) =>
          'columns' in file ? file.columns : revive(file.failed),
        );
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    async verify(source, claim, { dir, ...options }) {
      return (await run({ type: 'verify', source, claim, dir }, source, options)).proof;
    },
    async close() {
      isClosed = true;
      await children.close();
    },
  };
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

const revive = ({ code, message, details }: Refusal): HalftoneError =>
  new HalftoneError(code, message, details);

/** Ends a command with all that it has started. */
function killGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

function tooLong({ name }: Subject, deadlineMs: number): HalftoneError {
  const seconds = Math.round(deadlineMs / 1000);
  return new HalftoneError(
    'LOAD_TIMEOUT',
    `Loading "${name}" took longer than ${seconds} seconds and was ended.`,
  );
}

function crashed(
  { name, files }: Subject,
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

/** What a small load has beside another: never more than that. */
function smallPartOf(memoryBytes: number): number {
  return Math.min(memoryBytes, Math.max(LEAST_SMALL_BYTES, Math.floor(memoryBytes / 8)));
}
