import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { JobInfo, RefreshInfo } from '../../../protocol/job.js';
import { isOpen } from '../../../protocol/run.js';
import { formatAge, formatCompact, formatCount, formatDuration, formatPercent } from '../format.js';
import { Icon } from '../icon.js';
import { ProgressBar } from '../progress-bar.js';
import { Failure } from '../start/failure.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { isFailing, lastEnded, secondsOf } from './job-order.js';
import { RunHistory, State } from './run-history.js';
import { scheduleWords } from './schedule-words.js';
import { Sparkline } from './sparkline.js';
import { ownZone, timeUntil, zonedTime } from './zoned-time.js';

/** One dataset: when it is loaded, how the last runs went, and what can be done about it. */
export function JobCard({
  job,
  dataset,
  now,
  onChange,
}: {
  job: JobInfo;
  dataset: DatasetInfo | undefined;
  now: number;
  /** Called after something was begun, cancelled, paused or resumed. */
  onChange: () => void;
}): JSX.Element {
  const { navigation } = useStore();
  const { dataset: name, refresh, follows, runs } = job;
  const [opened, setOpened] = useState(false);
  const [error, setError] = useState<Error>();
  const current = runs.find(isOpen);
  const last = lastEnded(job);
  const failing = isFailing(job);
  // What could not be opened at all was never run.
  const problem = failing ? last?.problem : last === undefined ? dataset?.problem : undefined;
  const act = (work: Promise<unknown>): void => {
    setError(undefined);
    work.then(onChange, (failure: Error) => setError(failure));
  };
  const explore = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigation.commit({ dataset: name });
  };
  return (
    <li class={`job${problem ? ' failing' : ''}`} aria-label={name}>
      <div class="job-head">
        <h2>
          <a href={navigation.href({ dataset: name })} onClick={explore}>
            {name}
          </a>
        </h2>
        {refresh ? (
          <When refresh={refresh} />
        ) : (
          <span class="muted">
            {follows === null ? 'Only when it is run' : `When its ${follows} change`}
          </span>
        )}
        <span class="job-tools">
          {current ? (
            <button
              type="button"
              class="button small"
              aria-label={`Cancel the run of ${name}`}
              onClick={() => act(api.cancelRun(current.id))}
            >
              Cancel
            </button>
          ) : (
            <button
              type="button"
              class="button small"
              aria-label={`Run ${name} now`}
              onClick={() => act(api.refresh(name))}
            >
              Run
            </button>
          )}
          {refresh?.enabled && (
            <button
              type="button"
              class="button small"
              aria-label={`${refresh.pausedSince === null ? 'Pause' : 'Resume'} the schedule of ${name}`}
              onClick={() => act(api.setPaused(name, refresh.pausedSince === null))}
            >
              {refresh.pausedSince === null ? 'Pause' : 'Resume'}
            </button>
          )}
        </span>
      </div>
      <div class="job-facts">
        <div>
          <span class="label">Last run</span>
          {last ? (
            <span>
              <State state={last.state} />{' '}
              {formatAge(now - Date.parse(last.endedAt ?? last.plannedAt))}
              <Detail>
                {[
                  secondsOf(last) === undefined ? '' : `took ${formatDuration(secondsOf(last)!)}`,
                  last.rows === null ? '' : `${formatCount(last.rows)} rows`,
                ]
                  .filter((part) => part !== '')
                  .join(', ')}
              </Detail>
            </span>
          ) : (
            <span class="muted">none so far</span>
          )}
        </div>
        <div>
          <span class="label">Next run</span>
          {refresh ? <Next refresh={refresh} now={now} /> : <span class="muted">not planned</span>}
        </div>
        <Sparkline runs={runs} />
      </div>
      {current && (
        <Progress dataset={dataset} name={name} isPlanned={current.state === 'planned'} />
      )}
      {problem && (
        <div class="note danger">
          <Icon name="warning" />
          <div>
            {problem.detail}
            {problem.hint && <p class="hint">{problem.hint}</p>}
            {dataset?.createdAt && (
              <p class="hint">
                What is shown was loaded {formatAge(now - Date.parse(dataset.createdAt))}.
              </p>
            )}
            {last?.state === 'refused' && (
              <button
                type="button"
                class="button small job-force"
                aria-label={`Take it anyway: the new version of ${name}`}
                onClick={() => act(api.refresh(name, true))}
              >
                Take it anyway
              </button>
            )}
          </div>
        </div>
      )}
      {error && <Failure error={error} />}
      <button
        type="button"
        class="button quiet small job-more"
        aria-expanded={opened}
        aria-label={`History of ${name}`}
        onClick={() => setOpened(!opened)}
      >
        <Icon name="chevron" />
        History
      </button>
      {opened && <RunHistory runs={runs} />}
    </li>
  );
}

function Detail({ children }: { children: string }): JSX.Element | null {
  return children === '' ? null : <small class="muted number">{children}</small>;
}

/** The schedule in words, and the cron line that says so. */
function When({ refresh }: { refresh: RefreshInfo }): JSX.Element {
  const { everyMs, cron = '', timeZone } = refresh;
  const { value } = useAnswer(`${everyMs} ${cron}`, () => scheduleWords(refresh));
  return (
    <span class="job-when">
      <Icon name="time" />
      <span title={cron}>{value ?? cron}</span>
      {timeZone !== undefined && <span class="muted">{timeZone}</span>}
    </span>
  );
}

/** When the next run begins: in its zone, and in that of who looks where that is another. */
function Next({ refresh, now }: { refresh: RefreshInfo; now: number }): JSX.Element {
  const { nextRun, pausedSince, enabled, timeZone } = refresh;
  if (!enabled) return <span class="muted">turned off in the configuration</span>;
  if (pausedSince !== null) {
    return <span class="warn">paused {formatAge(now - Date.parse(pausedSince))}</span>;
  }
  if (nextRun === null) return <span class="muted">carried out by another server</span>;
  const yours = zonedTime(nextRun, undefined);
  const its = timeZone === undefined ? yours : zonedTime(nextRun, timeZone);
  return (
    <span>
      {timeUntil(nextRun, now)}
      <small class="muted number">
        {its}
        {its !== yours && ` (${yours} in ${ownZone()})`}
      </small>
    </span>
  );
}

/** How far the run under way is. */
function Progress({
  dataset,
  name,
  isPlanned,
}: {
  dataset: DatasetInfo | undefined;
  name: string;
  isPlanned: boolean;
}): JSX.Element {
  const progress = dataset?.progress;
  const fraction = progress?.fraction ?? null;
  const facts = [
    isPlanned || progress?.stage === 'waiting' ? 'waiting' : '',
    fraction === null ? '' : formatPercent(fraction),
    progress && progress.rows > 0 ? `${formatCount(progress.rows)} rows` : '',
    progress && progress.rowsPerSecond > 0 ? `${formatCompact(progress.rowsPerSecond)} rows/s` : '',
  ].filter((fact) => fact !== '');
  return (
    <div class="job-progress">
      <ProgressBar name={name} fraction={fraction} />
      <span class="muted number">{facts.join(', ')}</span>
    </div>
  );
}
