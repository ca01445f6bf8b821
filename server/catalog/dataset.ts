import { basename, dirname } from 'node:path';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Progress } from '../../protocol/progress.js';
import { splitName } from '../../protocol/parameter-names.js';
import { HalftoneError, toProblem } from '../errors.js';
import { describePulled } from '../loader/public-options.js';
import type { OpenRun } from '../jobs/runs.js';
import type { DatasetSource } from '../loader/source.js';
import { fingerprintText } from '../snapshots/fingerprint.js';
import { pulledAt, type Snapshot } from '../snapshots/manifest.js';

/** One dataset in the catalog: its source, its snapshots that still answer, and the load that is under way. */
export interface Dataset {
  source: DatasetSource;
  /** Newest first; an older one goes on answering those who named it. */
  snapshots: Snapshot[];
  load?: Load;
  /** A run that begins when the load under way has ended. */
  next?: { run: OpenRun; force: boolean };
  /** Why the last load failed, or why the files cannot be looked at; gone with the next good one. */
  error?: Error;
  /** The fingerprint, as a text, that the last load failed on: not tried again until the files change. */
  failedOn?: string;
  /** The newest snapshot was found damaged: it answers where it can until it is built anew. */
  damage?: HalftoneError;
}

/** A load from its start until everything that belongs to it is done. */
export interface Load {
  controller: AbortController;
  progress: Progress;
  settled: Promise<void>;
  /** The source is to be read, and its rows do not answer yet: an older snapshot is out of date. */
  isReading: boolean;
  /** The record of having lost rows read from the copy that was kept of them, while that is so. */
  restoring?: OpenRun;
  /** Its record, from when the source is to be read; of one that was asked for, from the start. */
  run?: OpenRun;
  /** Asked for while the disk was being looked at: the source is read, whatever is found there. */
  mustRead?: boolean;
}

/** What the API tells of a dataset, of its newest snapshot or of another. */
export function describeDataset(
  dataset: Dataset,
  snapshot: Snapshot | undefined = dataset.snapshots[0],
): DatasetInfo {
  const { source, load, error } = dataset;
  const manifest = snapshot?.manifest;
  const status = manifest !== undefined ? 'ready' : load !== undefined ? 'loading' : 'failed';
  const isReading = load?.isReading === true;
  return {
    name: source.name,
    ...parametersOf(source),
    status,
    source: describeSource(source),
    snapshot: manifest?.id ?? null,
    sequence: manifest?.sequence ?? null,
    rows: manifest?.rows ?? 0,
    bytes: manifest?.segments.reduce((sum, segment) => sum + segment.bytes, 0) ?? 0,
    createdAt: manifest === undefined ? null : pulledAt(manifest),
    columns: manifest?.columns.map(({ info }) => info) ?? [],
    ...(load !== undefined && (isReading || manifest === undefined)
      ? { progress: load.progress }
      : {}),
    // Why rows are old, or not there, is told as long as they are, also while the next load is under way.
    ...(error === undefined ? {} : { problem: toProblem(error) }),
    ...(manifest !== undefined && (isReading || error !== undefined) ? { stale: true } : {}),
    ...(manifest === undefined ? {} : { report: manifest.report }),
  };
}

/** What it may be given, or what it was given. */
function parametersOf({ name, sql }: DatasetSource): Pick<DatasetInfo, 'parameters' | 'of'> {
  if (sql?.parameters === undefined) return {};
  return sql.values === undefined
    ? { parameters: sql.parameters }
    : { parameters: sql.parameters, of: { dataset: splitName(name)!.base, values: sql.values } };
}

/** Where the rows come from, for people: no folders of this machine. */
export function describeSource(source: DatasetSource): string {
  const { kind, files, sql, root } = source;
  if (kind === 'sql') return sql?.query ?? 'SQL';
  const pulled = describePulled(source);
  if (pulled !== undefined) return pulled;
  const [first = ''] = files;
  if (files.length === 1) return basename(first);
  return `${files.length} files in ${basename(root ?? dirname(first))}`;
}

/** Whether a dataset has to be opened again, now that its source is `fingerprint`; undefined where it cannot be seen. */
export function isNews(dataset: Dataset, fingerprint: string | undefined): boolean {
  const { snapshots, error, failedOn, damage } = dataset;
  const [newest] = snapshots;
  // Without a snapshot only what was tried and failed is tried again, and not what a person stopped.
  if (newest === undefined) {
    const isStopped = error instanceof HalftoneError && error.code === 'LOAD_CANCELLED';
    return (
      failedOn !== undefined && fingerprint !== undefined && fingerprint !== failedOn && !isStopped
    );
  }
  // Told once, as the error that it leads to.
  if (fingerprint === undefined) return error === undefined;
  if (fingerprint === failedOn) return false;
  const isSame = fingerprint === fingerprintText(newest.manifest.source);
  return !isSame || damage !== undefined || error !== undefined;
}
