import { readFileSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../../protocol/canonical.js';
import type { Run } from '../../protocol/run.js';
import type { DatasetSource } from '../loader/source.js';
import { replaceFile } from '../snapshots/durable.js';
import { sha256 } from '../snapshots/fingerprint.js';
import { readable } from '../snapshots/source-folder.js';

/** The runs of one dataset on disk: a line of JSON each time that a run changes, the last one of a run counts. */
export interface RunFile {
  /** What was there when it was opened, oldest first. */
  readonly found: readonly Run[];
  /**
   * Adds the present state of a run, behind what was added before. What the disk does not take is lost: it is history
   * only, and the load is worth more. `kept` are all runs that are to stay; the others go once their lines are many.
   */
  write(run: Run, kept: readonly Run[]): void;
  /** Settles when all that was added is on the disk, or lost. */
  flushed(): Promise<void>;
}

/** A file with more lines than this for each run that is kept is written anew. */
const LINES_A_RUN = 5;

/** Where the runs of a dataset are kept: its name and its place count, its options do not. */
export function runFileOf(cacheDir: string, { name, kind, files, root }: DatasetSource): string {
  const identity = canonicalJson({ name, kind, place: root ?? files });
  return join(cacheDir, 'runs', `${readable(name)}-${sha256(identity).slice(0, 16)}.jsonl`);
}

/** Opens the file, which may be absent, or end in half a line: its writer may have been killed. */
export function openRunFile(path: string): RunFile {
  const { runs, lineCount, isWhole } = read(path);
  let lines = lineCount;
  let isClean = isWhole;
  let last: Promise<void> = Promise.resolve();

  async function write(run: Run, kept: readonly Run[]): Promise<void> {
    if (isClean && lines < LINES_A_RUN * Math.max(kept.length, 20)) {
      // Whatever goes wrong may have left half a line.
      isClean = false;
      await append(path, `${JSON.stringify(run)}\n`);
      lines++;
    } else {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, kept.map((one) => `${JSON.stringify(one)}\n`).join(''));
      lines = kept.length;
    }
    isClean = true;
  }

  return {
    found: runs,
    write(run, kept) {
      // As they are now: they go on.
      const [own, all] = [{ ...run }, kept.map((one) => ({ ...one }))];
      last = last.then(() => write(own, all)).catch(() => undefined);
    },
    flushed: () => last,
  };
}

function read(path: string): { runs: Run[]; lineCount: number; isWhole: boolean } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { runs: [], lineCount: 0, isWhole: true };
  }
  const byId = new Map<string, Run>();
  const lines = text.split('\n');
  let isWhole = lines.pop() === '';
  for (const line of lines) {
    const run = parse(line);
    if (run === undefined) isWhole = false;
    else byId.set(run.id, run);
  }
  const runs = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { runs, lineCount: lines.length, isWhole };
}

function parse(line: string): Run | undefined {
  try {
    const run = JSON.parse(line) as Partial<Run> | null;
    const isRun =
      typeof run?.id === 'string' &&
      typeof run.dataset === 'string' &&
      typeof run.state === 'string' &&
      !Number.isNaN(Date.parse(run.plannedAt ?? ''));
    return isRun ? (run as Run) : undefined;
  } catch {
    return undefined;
  }
}

async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(line);
    await file.datasync();
  } finally {
    await file.close();
  }
}
