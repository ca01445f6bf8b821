import type { Dashboard } from '../../protocol/dashboard.js';
import { axisOfWords } from '../../protocol/dashboard/linked-axes.js';
import { nearest } from '../nearest.js';
import { didYouMean, type DashboardFault } from './fault.js';

/** What is wrong with the lists of axes that go together; `ids` are those of the charts. */
export function checkLinkedAxes(
  { linkedAxes = [] }: Dashboard,
  ids: readonly string[],
): DashboardFault[] {
  const known = ids.flatMap((id) => [`${id}.x`, `${id}.y`]);
  const seen = new Set<string>();
  return linkedAxes.flatMap((axes, list) =>
    axes.flatMap((words, index): DashboardFault[] => {
      const path = ['linkedAxes', list, index];
      const shown = words.slice(0, 60);
      const near = didYouMean(nearest(words, known));
      const axis = axisOfWords(words);
      if (axis === undefined) {
        const message = `"${shown}" is no axis: write the id of a chart, a dot, and x or y.`;
        return [{ path, message, ...near }];
      }
      if (!ids.includes(axis.id)) {
        return [{ path, message: `No chart has the id "${axis.id.slice(0, 60)}".`, ...near }];
      }
      if (seen.has(words)) return [{ path, message: `The axis "${shown}" is linked twice.` }];
      seen.add(words);
      return [];
    }),
  );
}
