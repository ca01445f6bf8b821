import type { JSX } from 'preact';
import { ProblemError } from '../../data/ask.js';
import { Icon } from '../icon.js';

/** An error as people need it: what happened, and what to do about it. */
export function Failure({ error }: { error: Error }): JSX.Element {
  return (
    <div class="note danger" role="alert">
      <Icon name="warning" />
      <div>
        {error instanceof TypeError ? 'The server cannot be reached.' : error.message}
        {error instanceof ProblemError && error.problem.hint && (
          <p class="hint">{error.problem.hint}</p>
        )}
      </div>
    </div>
  );
}
