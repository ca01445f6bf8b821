import type { LineWays } from './line-ways.js';
import type { RouteOptions } from './route-options.js';
import { routeOrdered, type OrderedRoute } from './route-ordered.js';
import { routeSorted, type SortedRoute } from './route-sorted.js';

/** How a line is computed, and why so. */
export type LineRoute = SortedRoute | OrderedRoute;

/** Chooses how a line is computed by the bytes that would be read. */
export async function routeLine(
  { sorted, ordered }: LineWays,
  options: RouteOptions,
): Promise<LineRoute> {
  const { force } = options;
  if (typeof sorted !== 'string') return routeSorted(sorted, options);
  if (force === 'scan') return { tier: 'scan', why: 'asked for', wants: [] };
  const isOpen = force === undefined || force === 'sub-index';
  if (typeof ordered !== 'string' && isOpen) return routeOrdered(ordered, sorted, options);
  const why = typeof ordered === 'string' ? `${sorted}; no sub-index: ${ordered}` : sorted;
  return { tier: 'scan', why, wants: [] };
}
