import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { isOpen, type Run } from '../../protocol/run.js';
import { askServer, codeOf, type AskServer } from './ask-server.js';
import { defaultCacheDir } from './cache-dir.js';
import { EXIT, exitCodeOf, usageError } from './exit-codes.js';
import { HalftoneError } from '../errors.js';
import { formatCount, describeProgress } from './load-display.js';
import { printable } from './printable.js';
import { findServer } from './running-server.js';
import type { Terminal } from './terminal.js';

export interface RefreshFlags {
  url?: string;
  token?: string;
  cacheDir?: string;
  force?: boolean;
  json?: boolean;
}

/** A run is looked at so often. */
const LOOK_EVERY_MS = 200;

/**
 * Has a server that runs load datasets anew, all of them where none is named, and waits. Gives 0 where every run went
 * well, 3 where data were refused, 1 where one failed otherwise.
 */
export async function refresh(
  names: readonly string[],
  flags: RefreshFlags,
  { terminal, stop }: { terminal: Terminal; stop: AbortSignal },
): Promise<number> {
  const { out } = terminal;
  const ask = askServer({
    server: flags.url ?? serverOf(flags, terminal),
    token: flags.token ?? terminal.env['HALFTONE_TOKEN'],
    hint: 'Is the server running? --url says where it is.',
    stop,
  });
  const wanted = names.length > 0 ? names : await everyName(ask);
  const body = { force: flags.force ?? false };
  const begun: Run[] = [];
  for (const name of wanted) {
    begun.push(await ask<Run>(`datasets/${encodeURIComponent(name)}/refresh`, { body }));
  }
  const ended: Run[] = [];
  for (const run of begun) {
    ended.push(await follow(run, ask, terminal, stop));
    if (flags.json !== true) out(`${verdict(ended.at(-1)!)}\n`);
  }
  if (flags.json === true) out(`${JSON.stringify(ended, null, 2)}\n`);
  return worst(ended);
}

function serverOf({ cacheDir }: RefreshFlags, { cwd, env, platform }: Terminal): string {
  const dir = resolve(cwd, cacheDir ?? defaultCacheDir(env, platform));
  const found = findServer(dir);
  if (found !== undefined) return found.url;
  throw usageError(
    `No server writes the cache folder ${dir}.`,
    'Start one, name its cache folder with --cache-dir, or say with --url where it is.',
  );
}

async function everyName(ask: AskServer): Promise<string[]> {
  const { datasets } = await ask<{ datasets: DatasetInfo[] }>('datasets');
  return datasets.map(({ name }) => name);
}

/** Waits until a run has ended; on a screen a line moves meanwhile. */
async function follow(
  { id, dataset }: Run,
  ask: AskServer,
  { err, isInteractive, columns }: Terminal,
  stop: AbortSignal,
): Promise<Run> {
  for (;;) {
    const run = await ask<Run>(`runs/${id}`);
    if (!isOpen(run)) {
      if (isInteractive) err('\r\u001b[K');
      return run;
    }
    if (isInteractive) {
      const { progress } = await ask<DatasetInfo>(`datasets/${encodeURIComponent(dataset)}`);
      const line = progress === undefined ? dataset : describeProgress(dataset, progress);
      err(`\r\u001b[K${printable(line, columns - 1)}`);
    }
    await wait(LOOK_EVERY_MS, undefined, { signal: stop });
  }
}

function verdict({ dataset, state, rows, startedAt, endedAt, problem, changes }: Run): string {
  const name = printable(dataset);
  if (state !== 'done') {
    const hint = problem?.hint === undefined ? '' : `\n  ${problem.hint}`;
    return `${name}: ${state}: ${problem?.detail ?? 'nobody knows why'}${hint}`;
  }
  const ms = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '');
  const before = changes === undefined ? 'unchanged' : `${formatCount(changes.rowsBefore)} before`;
  return `${name}: ${formatCount(rows ?? 0)} rows (${before}) in ${(ms / 1000).toFixed(1)} s`;
}

/** Refused data say more than a failure beside them. */
function worst(runs: readonly Run[]): number {
  const codes = runs.map((run) => {
    if (run.state === 'done') return EXIT.ok;
    if (run.state !== 'failed' && run.state !== 'refused') return EXIT.failure;
    return exitCodeOf(new HalftoneError(codeOf(run.problem ?? {}) ?? 'INTERNAL', ''));
  });
  if (codes.includes(EXIT.refused)) return EXIT.refused;
  return codes.every((code) => code === EXIT.ok) ? EXIT.ok : EXIT.failure;
}
