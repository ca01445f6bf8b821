import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Progress } from '../../protocol/progress.js';
import { formatBytes } from './byte-size.js';
import { describeError } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** A line that says how far a load is is written at most so often where nobody watches. */
const PLAIN_EVERY_MS = 10_000;
const DRAW_EVERY_MS = 100;

/** Tells how loads go: one moving line on a screen, a plain line now and then elsewhere. */
export interface LoadDisplay {
  progress: (name: string, progress: Progress) => void;
  settled: (info: DatasetInfo, error?: Error) => void;
  /** Takes the moving line away. */
  clear: () => void;
}

export function createLoadDisplay(terminal: Terminal): LoadDisplay {
  const { err, now, isInteractive, columns } = terminal;
  const toldAt = new Map<string, number>();
  let isDrawn = false;

  function clear(): void {
    if (isDrawn) err('\r\u001b[K');
    isDrawn = false;
  }

  return {
    clear,
    progress(name, progress) {
      const every = isInteractive ? DRAW_EVERY_MS : PLAIN_EVERY_MS;
      // Without a screen the first line is due after a while: most loads are over by then.
      if (!isInteractive && !toldAt.has(name)) toldAt.set(name, now());
      if (now() - (toldAt.get(name) ?? -Infinity) < every) return;
      toldAt.set(name, now());
      const line = describeProgress(name, progress);
      if (!isInteractive) {
        err(`${line}\n`);
        return;
      }
      clear();
      err(line.slice(0, columns - 1));
      isDrawn = true;
    },
    settled(info, error) {
      toldAt.delete(info.name);
      clear();
      err(error === undefined ? describeLoaded(info) : `${info.name}: ${describeError(error)}\n`);
    },
  };
}

/** `taxi  42 %  1.2 GB of 2.9 GB  8.4 M rows  1.1 M rows/s  9 s left`. */
export function describeProgress(name: string, progress: Progress): string {
  const { stage, fraction, rows, bytes, bytesTotal, rowsPerSecond, secondsLeft } = progress;
  if (stage === 'waiting') return `${name}  waiting`;
  return [
    name,
    ...(fraction === null ? [] : [`${Math.floor(fraction * 100)} %`]),
    bytesTotal === undefined
      ? formatBytes(bytes)
      : `${formatBytes(bytes)} of ${formatBytes(bytesTotal)}`,
    `${formatCount(rows)} rows`,
    ...(rowsPerSecond > 0 ? [`${formatCount(rowsPerSecond)} rows/s`] : []),
    ...(secondsLeft === undefined ? [] : [`${Math.ceil(secondsLeft)} s left`]),
    ...(stage === 'reading' ? [] : [stage]),
  ].join('  ');
}

function describeLoaded({ name, rows, columns, report, stale }: DatasetInfo): string {
  if (stale) return '';
  const notes = [
    noun(rows, 'row'),
    noun(columns.length, 'column'),
    ...(report && report.setAside > 0 ? [`${noun(report.setAside, 'line')} set aside`] : []),
    ...(report && report.nulled > 0
      ? [`${noun(report.nulled, 'value')} did not fit and became null`]
      : []),
  ];
  const warnings = (report?.warnings ?? []).map(({ message }) => `  ${message}\n`);
  return `${name}: ${notes.join(', ')}\n${warnings.join('')}`;
}

/** `1 row`, `2,961 rows`. */
const noun = (count: number, one: string): string =>
  `${grouped(count)} ${count === 1 ? one : `${one}s`}`;

/** 10,000,000: without the tables of languages, whose first use takes 12 ms of the start. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** 8.4 M, 12 k, 999. */
export function formatCount(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toFixed(1)} M`;
  if (count >= 9_950) return `${Math.round(count / 1000)} k`;
  return String(Math.round(count));
}
