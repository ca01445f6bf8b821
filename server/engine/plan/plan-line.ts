import type { IndexNeed, OtherWay } from '../../../protocol/explanation.js';
import { otherWay, type Plan } from './plan.js';
import type { LineWays } from './line-ways.js';
import type { OrderedLine } from './ordered-line.js';
import { routeLine, type LineRoute } from './route.js';
import type { RouteOptions } from './route-options.js';
import { weighOrdered } from './route-ordered.js';
import { routeSorted, weighLine, type SortedRoute } from './route-sorted.js';
import type { SortedLine } from './sorted-line.js';

/** Tells the route that a line would take, beside `scan`, which is open to every query. */
export async function planLine(ways: LineWays, options: RouteOptions, scan: Plan): Promise<Plan> {
  const { sorted: line, ordered } = ways;
  if (typeof line === 'string') {
    const route = await routeLine(ways, options);
    const scanned = { ...scan, reason: `${scan.reason}; ${route.why}` };
    const pyramid = otherWay('pyramid', line);
    if (typeof ordered === 'string')
      return { ...scanned, others: [pyramid, otherWay('sub-index', ordered)] };
    return planOrdered(ordered, route, options, scanned, pyramid);
  }
  const route = await routeSorted(line, options);
  const scanned = { ...scan, reason: `${scan.reason}; ${route.why}` };
  const { byRows, byNodes } = weighLine(line, options.batchRows);
  const indexes = needsOf(line, route);
  const everyRow = otherWay('scan', 'it would read every row', scan);
  switch (route.tier) {
    case 'pyramid':
      return {
        tier: 'pyramid',
        reason: route.why,
        ...byNodes,
        others: [everyRow, otherWay('scan', 'the rows of the domain are more bytes', byRows)],
        indexes,
      };
    case 'range':
      return {
        tier: 'scan',
        reason: route.why,
        ...byRows,
        others: [everyRow, pyramidLeft(route, byNodes)],
        indexes,
      };
    default:
      return {
        ...scanned,
        others: [
          pyramidLeft(route, byNodes),
          otherWay('scan', 'one thread would look up the rows of the domain', byRows),
        ],
        indexes,
      };
  }
}

function planOrdered(
  line: OrderedLine,
  route: LineRoute,
  { batchRows }: RouteOptions,
  scanned: Plan,
  pyramid: OtherWay,
): Plan {
  const { byRuns } = weighOrdered(line, batchRows);
  const [category, x] = [line.category?.name, line.x.ref.name];
  const order = category === undefined ? [x] : [category, x];
  const needs = [
    { kind: 'order', columns: order },
    ...line.ys.map(({ name }) => ({ kind: 'ordered-pyramid', columns: [...order, name] })),
  ];
  if (route.tier === 'sub-index') {
    const { tier, why } = route;
    const everyRow = otherWay('scan', 'it would read every row', scanned);
    const indexes = needs.map((need): IndexNeed => ({ ...need, state: 'ready' }));
    return { tier, reason: why, ...byRuns, others: [everyRow, pyramid], indexes };
  }
  const { missing = route.why, wants } = route as Extract<LineRoute, { tier: 'scan' }>;
  const wanted = wants.length > 0;
  return {
    ...scanned,
    others: [otherWay('sub-index', missing, byRuns), pyramid],
    indexes: needs.map((need) => ({ ...need, state: 'missing', reason: missing, wanted })),
  };
}

function pyramidLeft(
  { missing }: Exclude<SortedRoute, { tier: 'pyramid' }>,
  byNodes: { rows: number; bytes: number },
): OtherWay {
  return otherWay('pyramid', missing ?? 'its nodes are more bytes than the rows', byNodes);
}

/** The pyramids that the line would have been better with, or is. */
function needsOf({ ys }: SortedLine, route: SortedRoute): IndexNeed[] {
  const need = { kind: 'pyramid', columns: ys.map(({ name }) => name) };
  if (route.tier === 'pyramid') return [{ ...need, state: 'ready' }];
  const { missing, wants } = route;
  if (missing === undefined) return [];
  return [{ ...need, state: 'missing', reason: missing, wanted: wants.length > 0 }];
}
