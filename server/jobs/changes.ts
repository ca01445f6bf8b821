import type { Changes } from '../../protocol/run.js';
import type { Manifest } from '../snapshots/manifest.js';

/** What the snapshot `after` holds that `before` does not, and the other way round, as far as their manifests tell. */
export function changesBetween(before: Manifest, after: Manifest): Changes {
  const old = new Map(before.columns.map(({ info }) => [info.name, info]));
  const names = new Set(after.columns.map(({ info }) => info.name));
  const changes: Changes = {
    rowsBefore: before.rows,
    rowsAfter: after.rows,
    ...(after.appendedTo?.id === before.id
      ? { rowsAdded: after.rows - before.rows, rowsRemoved: 0 }
      : {}),
    columnsAdded: [],
    columnsRemoved: [...old.keys()].filter((name) => !names.has(name)),
    columnsRetyped: [],
    categories: [],
  };
  for (const { info } of after.columns) {
    const was = old.get(info.name);
    if (was === undefined) {
      changes.columnsAdded.push(info.name);
      continue;
    }
    const { name: column, type } = info;
    if (was.type !== type) changes.columnsRetyped.push({ column, from: was.type, to: type });
    else if (info.kind === 'text' && (info.distinct ?? 0) > (was.distinct ?? Infinity)) {
      changes.categories.push({ column, before: was.distinct!, after: info.distinct! });
    }
  }
  return changes;
}
