import type { View } from '../../../protocol/address/view.js';
import type { Dashboard } from '../../../protocol/dashboard.js';
import type { ChartAxes, DashboardView } from '../../../protocol/dashboard/address.js';
import { axesLinkedTo } from '../../../protocol/dashboard/linked-axes.js';

const DOMAINS = { x: 'xDomain', y: 'yDomain' } as const;

/**
 * The axes of all charts once those of the chart `id` are as `next` has them, and with them those that are linked. An axis that is
 * where the configuration has it is left out.
 */
export function movedAxes(
  dashboard: Dashboard,
  axes: DashboardView['axes'] = {},
  { id, base, before, next }: { id: string; base: View; before: View; next: View },
): Record<string, ChartAxes> {
  const moved: Record<string, ChartAxes> = { ...axes };
  for (const axis of ['x', 'y'] as const) {
    const domain = DOMAINS[axis];
    const isBase = sameEnds(next[domain], base[domain]);
    const ends = isBase ? undefined : next[domain];
    const linked = sameEnds(next[domain], before[domain])
      ? []
      : axesLinkedTo(dashboard, { id, axis });
    for (const one of [{ id, axis }, ...linked]) {
      const { [DOMAINS[one.axis]]: _, ...others } = moved[one.id] ?? {};
      moved[one.id] = ends === undefined ? others : { ...others, [DOMAINS[one.axis]]: ends };
    }
  }
  return Object.fromEntries(Object.entries(moved).filter(([, own]) => Object.keys(own).length > 0));
}

const sameEnds = (a: View['xDomain'], b: View['xDomain']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
