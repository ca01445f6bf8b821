import type { Query } from '../../protocol/query.js';
import type { FrameBase } from '../../workers/scan/mark.js';
import type { ColumnScope } from './columns.js';

/** What every frame tells; the mark adds its domain, units and size. */
export function frameBase(query: Query, scope: ColumnScope): FrameBase {
  const { dataset, id } = scope.snapshot.manifest;
  return {
    version: 1,
    dataset,
    snapshot: id,
    mark: query.mark,
    domain: null,
    scale: { x: query.scale?.x ?? 'linear', y: query.scale?.y ?? 'linear' },
    width: query.width ?? 0,
    height: query.height ?? 0,
    unit: {},
  };
}
