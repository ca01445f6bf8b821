import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Run, RunState, RunTrigger } from '../../../protocol/run.js';
import { formatCount, formatDuration } from '../format.js';
import { useAnswer } from '../use-answer.js';
import { Failure } from '../start/failure.js';
import { api } from '../state/api.js';
import { changeWords } from './change-words.js';
import { secondsOf } from './job-order.js';
import { zonedTime } from './zoned-time.js';

export const STATES: Readonly<Record<RunState, string>> = {
  planned: 'Planned',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  refused: 'Refused',
};

const TRIGGERS: Readonly<Record<RunTrigger, string>> = {
  start: 'server start',
  change: 'files changed',
  schedule: 'schedule',
  manual: 'by hand',
  retry: 'retry',
  config: 'configuration',
};

/** The last runs of a dataset; each opens to what it changed and its log. */
export function RunHistory({ runs }: { runs: readonly Run[] }): JSX.Element {
  const [opened, setOpened] = useState<string | undefined>(runs[0]?.id);
  if (runs.length === 0) return <p class="muted">It has not run yet.</p>;
  return (
    <ul class="runs">
      {runs.map((run) => {
        const { id, state, trigger, plannedAt, rows, times, attempt } = run;
        const seconds = secondsOf(run);
        const isOpen = opened === id;
        return (
          <li key={id}>
            <button
              type="button"
              class="run-line"
              aria-expanded={isOpen}
              onClick={() => setOpened(isOpen ? undefined : id)}
            >
              <State state={state} />
              <span>{zonedTime(plannedAt, undefined, true)}</span>
              <span class="muted">
                {TRIGGERS[trigger]}
                {attempt > 1 && `, attempt ${attempt}`}
                {times !== undefined && times > 1 && `, ${formatCount(times)} times`}
              </span>
              <span class="number">{seconds === undefined ? '' : formatDuration(seconds)}</span>
              <span class="number">{rows === null ? '' : `${formatCount(rows)} rows`}</span>
            </button>
            {isOpen && <RunDetail run={run} />}
          </li>
        );
      })}
    </ul>
  );
}

/** How a run is, as a colored dot and a word. */
export function State({ state }: { state: RunState }): JSX.Element {
  return <span class={`run-state ${state}`}>{STATES[state]}</span>;
}

function RunDetail({ run }: { run: Run }): JSX.Element {
  const { id, problem, changes, state } = run;
  const { value, error } = useAnswer(`${id} ${state}`, (signal) => api.run(id, signal));
  const log = value?.log ?? [];
  return (
    <div class="run-detail">
      {problem && (
        <p>
          {problem.detail}
          {problem.hint && <span class="hint">{problem.hint}</span>}
        </p>
      )}
      {changes && (
        <ul class="changes">
          {changeWords(changes).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {error && <Failure error={error} />}
      {log.length > 0 && (
        <pre class="log" tabIndex={0} aria-label="Log of the run">
          {log.join('\n')}
        </pre>
      )}
      {!problem && !changes && log.length === 0 && (
        <p class="muted">
          {state === 'done' ? 'Nothing to compare with, and no log.' : 'No log so far.'}
        </p>
      )}
    </div>
  );
}
