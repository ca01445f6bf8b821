import type { ColumnInfo } from '../../protocol/column.js';
import type { Dashboard } from '../../protocol/dashboard.js';
import { viewOfChart } from '../../protocol/dashboard/chart-words.js';
import { pagesOf, type PlacedItem } from '../../protocol/dashboard/pages.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';
import { nearest } from '../nearest.js';
import { didYouMean, stepsOf, type DashboardFault } from './fault.js';

/** What of a dashboard does not fit the datasets as they are now: names of datasets and columns, columns that a mark cannot draw. */
export function checkColumns(
  dashboard: Dashboard,
  datasets: readonly DatasetInfo[],
): DashboardFault[] {
  const placed = pagesOf(dashboard).flatMap(({ items }) => items);
  return [
    ...placed.flatMap((item) => checkChart(item, datasets)),
    ...checkFilterColumns(dashboard, placed, datasets),
  ];
}

function checkChart(
  { id, item, path }: PlacedItem,
  datasets: readonly DatasetInfo[],
): DashboardFault[] {
  const { chart } = item;
  if (chart === undefined || id === undefined) return [];
  const at = [...stepsOf(path), 'chart'];
  const dataset = datasets.find(({ name }) => name === chart.dataset);
  if (dataset === undefined) {
    const near = nearest(
      chart.dataset,
      datasets.map(({ name }) => name),
    );
    const message = `There is no dataset "${chart.dataset.slice(0, 60)}".`;
    return [{ path: [...at, 'dataset'], message, chart: id, ...didYouMean(near) }];
  }
  const { columns } = dataset;
  // While it loads for the first time nothing is known.
  if (columns.length === 0) return [];
  const named: [string, (string | number)[]][] = [
    ...(['x', 'color', 'of'] as const).flatMap((key) =>
      chart[key] === undefined ? [] : [[chart[key], [key]] as [string, string[]]],
    ),
    ...[chart.y ?? []]
      .flat()
      .map((name, index): [string, (string | number)[]] => [
        name,
        Array.isArray(chart.y) ? ['y', index] : ['y'],
      ]),
    ...(['filters', 'contains'] as const).flatMap((key) =>
      Object.keys(chart[key] ?? {}).map((name): [string, string[]] => [name, [key, name]]),
    ),
  ];
  const faults = named.flatMap(([name, steps]): DashboardFault[] =>
    columns.some((column) => column.name === name)
      ? []
      : [{ path: [...at, ...steps], chart: id, ...unknownColumn(name, dataset.name, columns) }],
  );
  if (faults.length > 0) return faults;
  return resolvePlot(viewOfChart(chart).view, dataset).faults.map((message) => ({
    path: at,
    message: `${message}.`,
    chart: id,
  }));
}

const unknownColumn = (name: string, dataset: string, columns: readonly ColumnInfo[]) => ({
  message: `"${dataset}" has no column "${name.slice(0, 60)}".`,
  ...didYouMean(
    nearest(
      name,
      columns.map((column) => column.name),
    ),
  ),
});

function checkFilterColumns(
  { filters = [] }: Dashboard,
  placed: readonly PlacedItem[],
  datasets: readonly DatasetInfo[],
): DashboardFault[] {
  return filters.flatMap(({ column, dataset }, index): DashboardFault[] => {
    const names =
      dataset === undefined ? placed.flatMap(({ item }) => item.chart?.dataset ?? []) : [dataset];
    const used = datasets.filter(({ name }) => names.includes(name));
    if (dataset !== undefined && !datasets.some(({ name }) => name === dataset)) {
      const near = nearest(
        dataset,
        datasets.map(({ name }) => name),
      );
      return [
        {
          path: ['filters', index, 'dataset'],
          message: `There is no dataset "${dataset.slice(0, 60)}".`,
          ...didYouMean(near),
        },
      ];
    }
    const columns = used.flatMap((each) => each.columns);
    // One that loads for the first time may have it.
    if (
      used.some((each) => each.columns.length === 0) ||
      used.length === 0 ||
      columns.some(({ name }) => name === column)
    )
      return [];
    const wrong = unknownColumn(column, used[0]!.name, columns);
    const message = `No dataset of this dashboard has a column "${column.slice(0, 60)}".`;
    return [
      { path: ['filters', index, 'column'], ...wrong, ...(used.length > 1 ? { message } : {}) },
    ];
  });
}
