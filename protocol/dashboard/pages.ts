import type { Dashboard, DashboardItem } from '../dashboard.js';

/** The columns of a grid where nobody says how many. */
export const DEFAULT_COLUMNS = 12;

/** An item with its id and with its place in the dashboard, for problems. */
export interface PlacedItem {
  /** Of a chart; texts have none. */
  id: string | undefined;
  item: DashboardItem;
  /** `pages[0].items[2]`. */
  path: string;
}

/** A page with its name in addresses. */
export interface PlacedPage {
  name: string;
  title: string;
  items: PlacedItem[];
}

/** The pages of a dashboard; one without pages of its own has one. Charts without an id are `c1`, `c2`, … in their order. */
export function pagesOf(dashboard: Dashboard): PlacedPage[] {
  const { title = '', items, pages } = dashboard;
  const given = pages ?? [{ title, items: items ?? [] }];
  const names = new Set<string>();
  let charts = 0;
  return given.map((page, index) => {
    const wanted = page.name ?? slugOf(page.title, `page-${index + 1}`);
    const name = names.has(wanted) ? `${wanted}-${index + 1}` : wanted;
    names.add(name);
    const prefix = pages === undefined ? '' : `pages[${index}].`;
    const placed = page.items.map((item, at): PlacedItem => {
      if (item.chart !== undefined) charts++;
      const id = item.chart === undefined ? undefined : (item.id ?? `c${charts}`);
      return { id, item, path: `${prefix}items[${at}]` };
    });
    return { name, title: page.title, items: placed };
  });
}

/** A title as a name in addresses: `Delays by day` is `delays-by-day`. */
export function slugOf(title: string, fallback: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 40);
  return slug === '' ? fallback : slug;
}

/** The charts that a selection of the chart `from` filters. */
export function linkedCharts(dashboard: Dashboard, from: string): string[] {
  const charts = pagesOf(dashboard).flatMap(({ items }) => items);
  if (dashboard.links !== undefined) return dashboard.links[from] ?? [];
  const own = charts.find(({ id }) => id === from)?.item.chart?.dataset;
  return charts.flatMap(({ id, item }) =>
    id !== undefined && id !== from && item.chart?.dataset === own ? [id] : [],
  );
}
