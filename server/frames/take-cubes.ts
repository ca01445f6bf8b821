import { CubesBody, type ActiveView } from '../../protocol/cube.js';
import type { Filter } from '../../protocol/query.js';
import { DEFAULT_CELLS, DEFAULT_WIDTH } from '../../protocol/limits.js';
import { checkSchema } from '../engine/check-schema.js';
import { ColumnScope } from '../engine/columns.js';
import { resolveActive } from '../engine/cube/active.js';
import { resolveFilters } from '../engine/resolve-filter.js';
import { HalftoneError } from '../errors.js';
import type { AppParts } from '../routes/parts.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { canonicalFilter, keyOf } from './query-key.js';
import type { AskedQuery } from './answer-query.js';

/** A request for brush cubes that has been understood; its views are still to be checked, each by itself. */
export interface AskedCubes {
  snapshot: Snapshot;
  active: ActiveView;
  filters: Filter[];
  views: { id: string; query: unknown }[];
}

/** Takes what a client sent as a request for cubes; throws what is wrong with it but for its views. */
export function takeCubes(
  { catalog, checkFilters }: Pick<AppParts, 'catalog' | 'checkFilters'>,
  value: unknown,
): AskedCubes {
  checkSchema(CubesBody, value, '');
  const { dataset, snapshot: id, active, filters: given = [], views } = value as CubesBody;
  const filters = checkFilters(given);
  const twice = views.find((view, i) => views.findIndex((one) => one.id === view.id) < i);
  if (twice !== undefined) {
    throw new HalftoneError('QUERY_INVALID', `Two views have the id ${JSON.stringify(twice.id)}.`, {
      field: 'views',
      hint: 'Give each view an id of its own.',
    });
  }
  const snapshot = catalog.snapshot(dataset, id);
  const scope = new ColumnScope(snapshot);
  resolveActive(active, scope);
  resolveFilters(filters, scope, active.scale);
  return {
    snapshot,
    active,
    filters,
    views: views.map(({ id, ...view }, i) => {
      checkView(view, `views[${i}]`);
      const { filters: own = [] } = view as { filters?: unknown };
      const both: unknown = Array.isArray(own) ? [...filters, ...(own as unknown[])] : own;
      return { id, query: { ...view, dataset, snapshot: snapshot.manifest.id, filters: both } };
    }),
  };
}

// What else is wrong with a view is told where it is checked as a query.
function checkView(view: object, path: string): void {
  const strange = ['dataset', 'snapshot'].find((name) => Object.hasOwn(view, name));
  if (strange === undefined) return;
  throw new HalftoneError('QUERY_INVALID', `"${path}.${strange}" is not a field of a view.`, {
    field: `${path}.${strange}`,
    hint: `All views are of the "${strange}" of the request.`,
  });
}

/** The key of the cube of a view: what it depends on beside the snapshot. */
export function cubeKey({ active, filters }: AskedCubes, { canonical }: AskedQuery): string {
  const { x, y, domain, scale, width = DEFAULT_WIDTH, cells } = active;
  const isGiven = domain?.x !== undefined && (y === undefined || domain.y !== undefined);
  const size = y === undefined ? { width } : { x: DEFAULT_CELLS, y: DEFAULT_CELLS, ...cells };
  return keyOf({
    cube: {
      x,
      y,
      domain,
      size,
      scale: { x: scale?.x ?? 'linear', y: scale?.y ?? 'linear' },
      // They choose the rows over which an axis without a domain extends.
      filters: isGiven ? [] : filters.map(canonicalFilter),
    },
    query: canonical,
  });
}
