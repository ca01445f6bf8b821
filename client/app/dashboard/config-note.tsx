import type { JSX } from 'preact';
import { problemInWords } from '../../../protocol/config/problem.js';
import { Icon } from '../icon.js';
import { useStore } from '../store.js';

/** What is wrong with the configuration file; what was valid before stays on the screen. */
export function ConfigNote(): JSX.Element | null {
  const problems = useStore().dashboards.problems.value;
  if (problems.length === 0) return null;
  return (
    <div class="note danger" role="alert">
      <Icon name="warning" />
      <div>
        The configuration is not valid now. What you see is the last valid one.
        <ul>
          {problems.map((problem) => (
            <li key={problemInWords(problem)}>
              <code>{problemInWords(problem)}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
