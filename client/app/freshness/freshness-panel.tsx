import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { formatCount, formatNoun } from '../format.js';
import { Icon } from '../icon.js';
import { lazy } from '../lazy.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { Toggle } from '../toggle.js';
import { formatMoment } from './use-age.js';
import { useNextRun } from './use-next-run.js';
import { WhatChangedDialog } from './what-changed-dialog.js';
import '../../styles/freshness-panel.css';

const CacheSection = lazy(async () => (await import('./cache-section.js')).CacheSection);

/** Whence the data are, why they may be out of date, and Pause, Follow latest, What changed and Clear. */
export function FreshnessPanel({
  info,
  close,
}: {
  info: DatasetInfo;
  close: () => void;
}): JSX.Element {
  const { datasets, navigation, plot, change } = useStore();
  const next = useNextRun(info);
  const [comparing, setComparing] = useState(false);
  const { name, createdAt, rows, source, problem } = info;
  const isPaused = datasets.isPaused(name);
  const newer = datasets.newerThanShown(name);
  const before = isPaused && newer > 0 ? info : datasets.before(name);
  const after = isPaused && newer > 0 ? datasets.newest(name)! : info;
  const view = navigation.view.value;
  const isPinned = view?.snapshot !== undefined;
  const canFollow =
    navigation.place.value.page === 'explore' &&
    plot.value?.x?.kind === 'time' &&
    plot.value.mark !== 'bar';
  return (
    <div class="freshness-panel">
      <p>
        <b>{createdAt === null ? 'No data yet' : formatMoment(Date.parse(createdAt))}</b>
        <span class="muted">
          {' '}
          · {formatNoun(rows, 'row')} from {source}
        </span>
      </p>
      {next !== undefined && (
        <p class="muted">
          Next at <span class="number">{next.at}</span>, {next.until}
        </p>
      )}
      {problem !== undefined && (
        <p class="note warn">
          <Icon name="warning" />
          <span>
            {problem.detail} {problem.hint}
          </span>
        </p>
      )}
      {problem === undefined && info.progress !== undefined && (
        <p class="muted">A newer version is being loaded. What you see stays until it is there.</p>
      )}
      {isPinned ? (
        <button
          type="button"
          class="button"
          onClick={() => {
            navigation.commit(edit(view, { snapshot: undefined }));
            close();
          }}
        >
          Show the newest data
        </button>
      ) : (
        <button
          type="button"
          class={`button ${isPaused && newer > 0 ? 'primary' : ''}`}
          onClick={() => (isPaused ? datasets.resume(name) : datasets.pause(name))}
        >
          <Icon name={isPaused ? 'play' : 'pause'} size={14} />
          {isPaused
            ? newer > 0
              ? `Resume, ${formatNoun(newer, 'newer snapshot')}`
              : 'Resume'
            : 'Pause updates'}
        </button>
      )}
      {canFollow && (
        <Toggle
          label="Follow latest: a window at the end of the data moves on with them"
          checked={view?.follow === true}
          onChange={(on) => change((now) => edit(now, { follow: on ? true : undefined }))}
        />
      )}
      {before !== undefined && (
        <button type="button" class="button" onClick={() => setComparing(true)}>
          What changed
          <span class="muted number">{signed(after.rows - before.rows)}</span>
        </button>
      )}
      <CacheSection dataset={name} />
      {comparing && before !== undefined && (
        <WhatChangedDialog before={before} after={after} onClose={() => setComparing(false)} />
      )}
    </div>
  );
}

const signed = (rows: number): string =>
  rows === 0 ? 'as many rows' : `${rows > 0 ? '+' : '−'}${formatCount(Math.abs(rows))} rows`;
