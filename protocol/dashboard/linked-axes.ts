import type { Dashboard } from '../dashboard.js';

/** An axis of a chart of a dashboard. */
export interface ChartAxis {
  /** Of the chart. */
  id: string;
  axis: 'x' | 'y';
}

/** An axis as it is written in a configuration, `delays.x`; undefined where that is none. */
export function axisOfWords(words: string): ChartAxis | undefined {
  const [, id, axis] = /^([\w-]+)\.([xy])$/u.exec(words) ?? [];
  return id === undefined ? undefined : { id, axis: axis as 'x' | 'y' };
}

/** The axes that go where an axis of a chart goes, without itself. */
export function axesLinkedTo({ linkedAxes = [] }: Dashboard, { id, axis }: ChartAxis): ChartAxis[] {
  const own = `${id}.${axis}`;
  const all = linkedAxes.find((axes) => axes.includes(own)) ?? [];
  return all.flatMap((words) => (words === own ? [] : (axisOfWords(words) ?? [])));
}
