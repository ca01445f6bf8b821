import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { ProblemError } from '../../data/ask.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

/** Why there is no picture, and what to do about it. What no server has refused is tried again once it is back. */
export function PictureError({
  error,
  onRetry,
}: {
  error: Error;
  onRetry: () => void;
}): JSX.Element {
  const { navigation, datasets } = useStore();
  const problem = error instanceof ProblemError ? error.problem : undefined;
  const view = navigation.view.value!;
  const isOnline = datasets.online.value;
  const wasOnline = useRef(isOnline);
  // What is wrong with the question stays wrong; what is wrong with the server may not.
  const mayPass = problem === undefined || problem.status >= 500;
  useEffect(() => {
    if (isOnline && !wasOnline.current && !problem) onRetry();
    wasOnline.current = isOnline;
  }, [isOnline]);
  return (
    <div class="centered" role="alert">
      <h2>{problem?.detail ?? titleOf(error, isOnline)}</h2>
      {problem?.hint && <p class="muted">{problem.hint}</p>}
      {!problem && <p class="muted">{error.message}</p>}
      <div class="row-of-buttons">
        {mayPass && (
          <button type="button" class="button primary" onClick={onRetry}>
            Try again
          </button>
        )}
        {view.snapshot && (
          <button
            type="button"
            class="button primary"
            onClick={() => navigation.commit(edit(view, { snapshot: undefined }))}
          >
            Show the newest data
          </button>
        )}
        {view.against !== undefined && (
          <button
            type="button"
            class="button"
            onClick={() => navigation.commit(edit(view, { against: undefined }))}
          >
            End the comparison
          </button>
        )}
        {datasets.isPaused(view.dataset) && (
          <button
            type="button"
            class="button primary"
            onClick={() => datasets.resume(view.dataset)}
          >
            Resume updates
          </button>
        )}
        {navigation.canUndo.value && (
          <button type="button" class="button" onClick={() => navigation.undo()}>
            Undo
          </button>
        )}
      </div>
    </div>
  );
}

/** `fetch` tells by its `TypeError` that an answer did not come, or not to its end. */
function titleOf(error: Error, isOnline: boolean): string {
  if (!(error instanceof TypeError)) return 'The picture cannot be drawn.';
  return isOnline ? 'The answer was cut off on its way.' : 'The server cannot be reached.';
}
