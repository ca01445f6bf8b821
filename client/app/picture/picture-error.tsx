import type { JSX } from 'preact';
import { ProblemError } from '../../data/ask.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

/** Why there is no picture, and what to do about it. */
export function PictureError({ error }: { error: Error }): JSX.Element {
  const { navigation, datasets } = useStore();
  const problem = error instanceof ProblemError ? error.problem : undefined;
  const view = navigation.view.value!;
  return (
    <div class="centered" role="alert">
      <h2>
        {problem
          ? problem.detail
          : error instanceof TypeError
            ? 'The server cannot be reached.'
            : 'The picture cannot be drawn.'}
      </h2>
      {problem?.hint && <p class="muted">{problem.hint}</p>}
      {!problem && <p class="muted">{error.message}</p>}
      <div class="row-of-buttons">
        {view.snapshot && (
          <button
            type="button"
            class="button primary"
            onClick={() => navigation.commit(edit(view, { snapshot: undefined }))}
          >
            Show the newest data
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
