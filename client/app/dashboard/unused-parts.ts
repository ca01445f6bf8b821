import type { DashboardView } from '../../../protocol/dashboard/address.js';
import type { DashboardState } from './dashboard-state.js';

/** What a dashboard has, by name. */
export interface DashboardNames {
  charts: ReadonlySet<string>;
  datasets: ReadonlySet<string>;
  /** Of all its datasets; undefined until each has told its own. */
  columns: ReadonlySet<string> | undefined;
}

/** The parts of a link that mean nothing on its dashboard, each with the reason: charts, columns and datasets that it has not. */
export function unusedParts(
  view: DashboardView,
  { charts, datasets, columns }: DashboardNames,
): string[] {
  const missing = (
    prefix: string,
    names: Iterable<string>,
    known: ReadonlySet<string>,
    what: string,
  ): string[] =>
    [...names]
      .filter((name) => !known.has(name))
      .map((name) => `${prefix}.${name}: there is no ${what} “${name}” on this dashboard`);
  const keys = (record: object | undefined): string[] => Object.keys(record ?? {});
  const filtered = [...(view.filters ?? []).map(({ column }) => column), ...(view.cleared ?? [])];
  return [
    ...(columns === undefined ? [] : missing('f', new Set(filtered), columns, 'column')),
    ...missing('s', keys(view.selections), charts, 'chart'),
    ...missing('xr', keys(view.axes), charts, 'chart'),
    ...missing('vs', keys(view.against), charts, 'chart'),
    ...missing('hide', keys(view.hidden), charts, 'chart'),
    ...missing('p', keys(view.parameters), datasets, 'dataset'),
    ...missing('snap', keys(view.snapshots), datasets, 'dataset'),
  ];
}

/** What there is of a dashboard, as far as its datasets are known. */
export function namesOf({
  charts,
  datasets,
  dashboard,
  infoOf,
}: Pick<DashboardState, 'charts' | 'datasets' | 'dashboard' | 'infoOf'>): DashboardNames {
  const all = [...datasets, ...(dashboard.filters ?? []).flatMap(({ dataset }) => dataset ?? [])];
  const infos = all.map((name) => infoOf(name));
  return {
    charts: new Set(charts.map(({ id }) => id!)),
    datasets: new Set(all),
    columns: infos.every((info) => info?.status === 'ready' && info.columns.length > 0)
      ? new Set(infos.flatMap((info) => info!.columns.map(({ name }) => name)))
      : undefined,
  };
}
