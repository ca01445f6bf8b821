import type { Dashboard } from '../../protocol/dashboard.js';
import { filterOfWords, viewOfChart } from '../../protocol/dashboard/chart-words.js';
import { DEFAULT_COLUMNS, pagesOf, type PlacedItem } from '../../protocol/dashboard/pages.js';
import { nearest } from '../nearest.js';
import { checkLinkedAxes } from './check-linked-axes.js';
import { didYouMean, stepsOf, type DashboardFault } from './fault.js';

/** What stands in addresses as it is, and has no dots, which part the words of a parameter. */
const ID = /^[\w-]{1,60}$/u;

/** What is wrong with a dashboard whatever the data are: words of charts, ids, places on the grid, links. */
export function checkDashboard(dashboard: Dashboard): DashboardFault[] {
  const { items, pages } = dashboard;
  if (items !== undefined && pages !== undefined) {
    return [
      {
        path: ['items'],
        message: 'A dashboard has "items" or "pages", not both.',
        hint: 'Put the items into a page.',
      },
    ];
  }
  if (items === undefined && pages === undefined) {
    return [{ path: [], message: 'A dashboard needs "items", or "pages" with items.' }];
  }
  const placed = pagesOf(dashboard).flatMap((page) => page.items);
  return [
    ...checkPageNames(dashboard),
    ...placed.flatMap((item) => checkItem(item, dashboard.columns ?? DEFAULT_COLUMNS)),
    ...checkIds(placed),
    ...checkFilters(dashboard),
    ...checkLinks(dashboard, placed),
    ...checkLinkedAxes(
      dashboard,
      placed.flatMap(({ id }) => id ?? []),
    ),
  ];
}

function checkPageNames({ pages = [] }: Dashboard): DashboardFault[] {
  const seen = new Set<string>();
  return pages.flatMap(({ name }, index): DashboardFault[] => {
    if (name === undefined) return [];
    const path = ['pages', index, 'name'];
    if (!ID.test(name)) return [{ path, message: idSentence('page', name) }];
    if (seen.has(name)) return [{ path, message: `Two pages are named "${name}".` }];
    seen.add(name);
    return [];
  });
}

const idSentence = (what: string, id: string): string =>
  `"${id.slice(0, 60)}" cannot be the name of a ${what}: it is letters, digits, "_" and "-".`;

function checkItem({ item, path, id }: PlacedItem, columns: number): DashboardFault[] {
  const at = stepsOf(path);
  const { chart, text, span = 1, column = 1 } = item;
  if ((chart === undefined) === (text === undefined)) {
    const both = chart !== undefined;
    return [
      {
        path: at,
        message: both
          ? 'An item is a chart or a text, not both.'
          : 'An item needs "chart" or "text".',
      },
    ];
  }
  const faults: DashboardFault[] = [];
  if (column + span - 1 > columns) {
    const wide =
      item.column === undefined ? `is ${span} columns wide` : `ends in column ${column + span - 1}`;
    faults.push({
      path: [...at, item.span === undefined ? 'column' : 'span'],
      message: `This item ${wide}; the grid has ${columns}.`,
      hint: '"columns" of the dashboard says how many there are.',
    });
  }
  if (chart === undefined) return faults;
  for (const { parameter, value, reason } of viewOfChart(chart).faults) {
    const key = parameter.startsWith('f.')
      ? ['filters', parameter.slice(2)]
      : parameter.startsWith('c.')
        ? ['contains', parameter.slice(2)]
        : [parameter];
    faults.push({
      path: [...at, 'chart', ...key],
      message: `${key.join('.')}: ${value.slice(0, 60)}: ${reason}.`,
      ...(id === undefined ? {} : { chart: id }),
    });
  }
  return faults;
}

function checkIds(placed: readonly PlacedItem[]): DashboardFault[] {
  const seen = new Set<string>();
  return placed.flatMap(({ id, item, path }): DashboardFault[] => {
    const at = [...stepsOf(path), 'id'];
    if (item.id !== undefined && !ID.test(item.id))
      return [{ path: at, message: idSentence('chart', item.id) }];
    if (id === undefined) return [];
    if (seen.has(id)) return [{ path: at, message: `Two charts have the id "${id}".` }];
    seen.add(id);
    return [];
  });
}

function checkFilters({ filters = [] }: Dashboard): DashboardFault[] {
  const seen = new Set<string>();
  return filters.flatMap(({ column, value }, index): DashboardFault[] => {
    if (seen.has(column)) {
      return [
        { path: ['filters', index, 'column'], message: `There are two filters of "${column}".` },
      ];
    }
    seen.add(column);
    const filter = value === undefined ? undefined : filterOfWords(column, value);
    return typeof filter === 'string'
      ? [
          {
            path: ['filters', index, 'value'],
            message: `The value of the filter of "${column}" cannot be used: ${filter}.`,
          },
        ]
      : [];
  });
}

function checkLinks({ links }: Dashboard, placed: readonly PlacedItem[]): DashboardFault[] {
  if (links === undefined) return [];
  const ids = placed.flatMap(({ id }) => id ?? []);
  const unknown = (id: string, path: (string | number)[]): DashboardFault[] =>
    ids.includes(id)
      ? []
      : [
          {
            path,
            message: `No chart has the id "${id.slice(0, 60)}".`,
            ...didYouMean(nearest(id, ids)),
          },
        ];
  const faults = Object.entries(links).flatMap(([from, targets]) => [
    ...unknown(from, ['links', from]),
    ...targets.flatMap((to, index) => unknown(to, ['links', from, index])),
  ]);
  if (faults.length > 0) return faults;
  const circle = circleOf(links);
  if (circle === undefined) return [];
  return [
    {
      path: ['links', circle[0]!],
      message: `The links go in a circle: ${circle.join(' → ')}.`,
      hint: 'Without "links" a selection filters all other charts of its dataset, each the other.',
    },
  ];
}

/** A way along the links that ends where it began. */
function circleOf(links: Readonly<Record<string, readonly string[]>>): string[] | undefined {
  const done = new Set<string>();
  const walk = (id: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of links[id] ?? []) {
      const found = walk(next, [...way, id]);
      if (found !== undefined) return found;
    }
    done.add(id);
    return undefined;
  };
  for (const id of Object.keys(links)) {
    const found = walk(id, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
