import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HalftoneError } from '../errors.js';
import type { SourceKind } from '../snapshots/manifest.js';
import type { LoadContext, LoadOutcome, PullContext } from './context.js';
import { prepareDatabase } from './database.js';
import { describeFiles } from './describe-files.js';
import { filesAtRest } from './files-at-rest.js';
import { loadSource } from './load.js';
import { loadCopy } from './pulled/load-copy.js';
import { pullSource } from './pulled/pull-source.js';
import { isPulled, type DatasetSource } from './source.js';
import {
  EXIT_OVER_MEMORY,
  type DescribeTask,
  type FromChild,
  type LoadTask,
  type ToChild,
  type VerifyTask,
} from './messages.js';
import { createProgress } from './progress.js';
import { rehearsalFolder } from './rehearsal-folder.js';
import { canRehearse, rehearse } from './rehearse.js';
import { toRefusal } from './refusal.js';
import { prove } from './verify/prove.js';
import { discreetError } from './shape/hidden.js';
import { checkUnchanged } from './watch-files.js';

// A loader child: does one task in its cage, answers and ends. Foreign bytes are parsed here and nowhere else.

const WATCH_MS = 100;
const cancelled = new AbortController();

function answer(message: FromChild): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

process.on('message', (message: ToChild) => {
  if (message.type === 'cancel') cancelled.abort();
  else if (message.type === 'prepare') void prepare(message.kind);
  else void run(message);
});
// Without a parent nobody wants the answer.
process.on('disconnect', () => process.exit());

/** Makes ready what the task to come needs, and goes through one like it. */
async function prepare(kind: SourceKind | undefined): Promise<void> {
  if (canRehearse(kind)) {
    const dir = rehearsalFolder(process.pid);
    // A task that comes meanwhile may end before, and so may the parent; the encoding thread may be writing still.
    process.once('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 2 }));
    // It is the task to come that tells what fails.
    await rehearse(kind, dir).catch(() => undefined);
  }
  prepareDatabase();
}

async function run(task: LoadTask | DescribeTask | VerifyTask): Promise<void> {
  if (task.watch) watchMemory(task.memoryBytes);
  try {
    await answer(await answerTo(task));
  } catch (error) {
    const { code, message, details } = toRefusal(error, 'SOURCE_INVALID');
    const { cause: _cause, ...told } = details;
    await answer({ type: 'failed', code, message, details: told });
  }
  // Not by itself: a query that was interrupted may still hold a thread.
  process.exit();
}

async function answerTo(task: LoadTask | DescribeTask | VerifyTask): Promise<FromChild> {
  switch (task.type) {
    case 'load':
      return { type: 'loaded', outcome: await loadTwice(task) };
    case 'describe':
      return { type: 'described', files: await describeFiles(task) };
    case 'verify':
      return {
        type: 'verified',
        proof: await withContext(task, (context) => prove(context, task.claim)),
      };
  }
}

/** Loads, and once more where a file changed meanwhile: most writers are done by then. */
async function loadTwice(task: LoadTask): Promise<LoadOutcome | undefined> {
  try {
    return await loadOnce(task);
  } catch (error) {
    if (!(error instanceof HalftoneError) || error.code !== 'SOURCE_CHANGED') throw error;
    await emptyFolder(task.dir);
    return loadOnce(task);
  }
}

function loadOnce(task: LoadTask): Promise<LoadOutcome | undefined> {
  return withContext<LoadOutcome | undefined>(task, (context) => {
    if (!isPulled(task.source)) return loadSource(context);
    const pulling: PullContext = {
      ...context,
      environment: task.environment ?? {},
      previous: task.previous,
      deadlineMs: task.deadlineMs,
      onLog: (line) => void answer({ type: 'log', line }),
      onGroup: (id) => void answer({ type: 'group', id }),
    };
    return task.copy === undefined ? pullSource(pulling) : loadCopy(pulling, task.copy);
  });
}

/** Reads a source; what was read of files that changed meanwhile is refused. */
async function withContext<T>(
  task: LoadTask | VerifyTask,
  work: (context: LoadContext) => Promise<T>,
): Promise<T> {
  const { source, dir, memoryBytes, threads } = task;
  const tempDir = join(dir, 'temporary');
  await mkdir(tempDir, { recursive: true });
  const files = [source, ...(source.sql?.inputs ?? [])].flatMap((one) => one.files);
  const before = await filesAtRest(files, { signal: cancelled.signal });
  const context: LoadContext = {
    source,
    dir,
    tempDir,
    memoryBytes,
    threads,
    bytesTotal: before.reduce((sum, { size }) => sum + size, 0),
    signal: cancelled.signal,
    base: task.type === 'load' ? task.base : undefined,
    // What is left for the next load tells of folders and of how files were read: nothing of what is hidden may stay there.
    isResumable: task.type === 'load' && mayBeResumed(source),
    onNote: (line) => void answer({ type: 'log', line }),
    onProgress: createProgress((progress) => void answer({ type: 'progress', progress })),
  };
  try {
    const outcome = await work(context);
    await checkUnchanged(before);
    return outcome;
  } catch (error) {
    // A file that was overwritten is rather that than damaged.
    await checkUnchanged(before);
    throw discreetError(error, source);
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}

/** Of what is pulled, PostgreSQL alone can tell what came behind; what it hides has never left it. */
function mayBeResumed(source: DatasetSource): boolean {
  if (isPulled(source)) return source.postgres?.appendBy !== undefined;
  return (source.hide ?? []).length === 0;
}

async function emptyFolder(dir: string): Promise<void> {
  for (const name of await readdir(dir)) await rm(join(dir, name), { recursive: true });
}

function watchMemory(memoryBytes: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > memoryBytes) process.exit(EXIT_OVER_MEMORY);
  }, WATCH_MS).unref();
}
