import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo, Progress } from '../../../protocol/dataset.js';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatPercent,
} from '../format.js';
import { useNextRun } from '../freshness/use-next-run.js';
import { Icon } from '../icon.js';
import { ProgressBar } from '../progress-bar.js';
import { api } from '../state/api.js';
import { hasFailed } from '../state/has-failed.js';
import { CsvOptions } from './csv-options.js';
import { Failure } from './failure.js';
import { isCsv } from './is-csv.js';
import '../../styles/start.css';

const STAGES: Readonly<Record<Progress['stage'], string>> = {
  waiting: 'Waiting',
  reading: 'Reading',
  checking: 'Checking',
  publishing: 'Writing',
};

/** From this share on the pace says something about the rest. */
const FORESEEABLE = 0.02;

/** A load while it runs: bytes, rows, pace, time left, and a way to stop. */
export function LoadPanel({
  dataset,
  compact = false,
}: {
  dataset: DatasetInfo;
  compact?: boolean;
}): JSX.Element {
  const { name, source, progress, problem } = dataset;
  const [error, setError] = useState<Error>();
  const fraction = progress?.fraction ?? null;
  // What is left of a load that has hardly begun is anybody's guess.
  const left = fraction !== null && fraction >= FORESEEABLE ? progress?.secondsLeft : undefined;
  return (
    <div class={compact ? 'card load' : 'load'} role="group" aria-label={`Loading ${name}`}>
      <div class="load-line">
        <b>{name}</b>
        {!compact && source !== name && <span class="muted">{source}</span>}
        <button
          type="button"
          class="button small"
          onClick={() => void api.cancelLoad(name).catch(setError)}
        >
          Cancel
        </button>
      </div>
      <ProgressBar name={name} fraction={fraction} />
      {progress && (
        <p class="muted number load-facts">
          <span>
            {STAGES[progress.stage]}
            {fraction !== null && `, ${formatPercent(fraction)}`}
          </span>
          {progress.bytes > 0 && (
            <span>
              {formatBytes(progress.bytes)}
              {progress.bytesTotal !== undefined && ` of ${formatBytes(progress.bytesTotal)}`}
            </span>
          )}
          {progress.rows > 0 && <span>{formatCount(progress.rows)} rows</span>}
          {progress.rowsPerSecond > 0 && (
            <span>{formatCompact(progress.rowsPerSecond)} rows/s</span>
          )}
          {left !== undefined && <span>{formatDuration(Math.max(1, left))} left</span>}
        </p>
      )}
      {problem && hasFailed(dataset) && (
        <p class="danger-text">The last attempt failed: {problem.detail}</p>
      )}
      {error && <Failure error={error} />}
    </div>
  );
}

/** The page of a dataset that cannot be drawn yet, or not at all. */
export function DatasetState({ dataset }: { dataset: DatasetInfo }): JSX.Element {
  const { problem, name, source } = dataset;
  const [error, setError] = useState<Error>();
  const next = useNextRun(dataset);
  if (dataset.status === 'loading') {
    return (
      <div class="centered wide">
        <h1>Loading</h1>
        <LoadPanel dataset={dataset} />
        <p class="muted">The first picture appears when every row has been read and checked.</p>
      </div>
    );
  }
  return (
    <div class="centered wide">
      <h1>{name} could not be loaded</h1>
      <div class="note danger" role="alert">
        <Icon name="warning" />
        <div>
          {problem?.detail ?? 'The server gives no reason.'}
          {problem?.hint && <p class="hint">{problem.hint}</p>}
        </div>
      </div>
      {next !== undefined && (
        <p>
          It is tried again at <span class="number">{next.at}</span>, {next.until}.
        </p>
      )}
      {source !== name && <p class="muted">{source}</p>}
      {error && <Failure error={error} />}
      <div class="row-of-buttons">
        <button
          type="button"
          class="button primary"
          onClick={() => void api.reload(name, {}).catch(setError)}
        >
          Try again
        </button>
      </div>
      {isCsv(source) && <CsvOptions dataset={dataset} />}
    </div>
  );
}
