import type { IndexNeed, OtherWay } from '../../../protocol/explanation.js';
import { otherWay, type Plan } from './plan.js';
import { routeLine, weighLine, type LineRoute, type RouteOptions } from './route.js';
import type { SortedLine } from './sorted-line.js';

/** Tells the route that a line would take, beside `scan`, which is open to every query. */
export async function planLine(
  line: SortedLine | string,
  options: RouteOptions,
  scan: Plan,
): Promise<Plan> {
  const route = await routeLine(line, options);
  const scanned = { ...scan, reason: `${scan.reason}; ${route.why}` };
  if (typeof line === 'string') return { ...scanned, others: [otherWay('pyramid', line)] };
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

function pyramidLeft(
  { missing }: Exclude<LineRoute, { tier: 'pyramid' }>,
  byNodes: { rows: number; bytes: number },
): OtherWay {
  return otherWay('pyramid', missing ?? 'its nodes are more bytes than the rows', byNodes);
}

/** The pyramids that the line would have been better with, or is. */
function needsOf({ ys }: SortedLine, route: LineRoute): IndexNeed[] {
  const need = { kind: 'pyramid', columns: ys.map(({ name }) => name) };
  if (route.tier === 'pyramid') return [{ ...need, state: 'ready' }];
  const { missing, wants } = route;
  if (missing === undefined) return [];
  return [{ ...need, state: 'missing', reason: missing, wanted: wants.length > 0 }];
}
