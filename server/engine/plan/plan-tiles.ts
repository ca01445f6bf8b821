import type { ColumnScope } from '../columns.js';
import type { Workshop } from '../with-run.js';
import { otherWay, type Plan } from './plan.js';
import { routeTiles, weighTiles, type TiledFacts } from './route-tiles.js';

/** Tells how a scatter would be had, beside `scan`. */
export async function planTiles(
  workshop: Workshop,
  scope: ColumnScope,
  tiled: TiledFacts,
  scan: Plan,
): Promise<Plan> {
  const need = { kind: 'tiles', columns: [tiled.x.ref.name, tiled.y.ref.name] };
  // A plan builds nothing.
  const open = workshop.tier === 'tiles' ? { ...workshop, tier: undefined } : workshop;
  const route = await routeTiles(open, scope, tiled, scan);
  if (route.tier === 'tiles') {
    return {
      tier: 'tiles',
      ...route.reads,
      reason: route.why,
      others: [otherWay('scan', 'it would read every row', scan)],
      indexes: [{ ...need, state: 'ready' }],
    };
  }
  if (route.why === undefined) return scan;
  const { missing } = route;
  return {
    ...scan,
    reason: `${scan.reason}; ${route.why}`,
    others: [
      ...scan.others,
      otherWay(
        'tiles',
        route.why,
        missing === undefined ? undefined : weighTiles(tiled, scope).reads,
      ),
    ],
    indexes:
      missing === undefined
        ? scan.indexes
        : [
            {
              ...need,
              state: 'missing',
              reason: missing,
              wanted: route.wants.length > 0,
            },
          ],
  };
}
