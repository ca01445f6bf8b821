import type { Filter } from '../../protocol/query.js';
import { stretchesOf, type Stretch } from '../../workers/scan/stretch.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import { resolveFilters } from './resolve-filter.js';
import { withRun, type Workshop } from './with-run.js';
import { mayMatch } from './zone-map.js';

/** A piece holds up its thread for some hundredths of a second only. */
const PIECE_ROWS = 2 ** 16;

function piecesOf({ batch, from, to, firstRow }: Stretch): Stretch[] {
  return Array.from({ length: Math.ceil((to - from) / PIECE_ROWS) }, (_, i) => {
    const start = from + i * PIECE_ROWS;
    const end = Math.min(to, start + PIECE_ROWS);
    return { batch, from: start, to: end, firstRow: firstRow + start - from };
  });
}

/**
 * Every matching row in row order, as Arrow streams of one batch each, of which at least one comes: it has the schema.
 * While one is being sent the next is computed; no more are in memory.
 */
export async function* exportRows(
  workshop: Workshop,
  snapshot: Snapshot,
  filters: readonly Filter[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const scope = new ColumnScope(snapshot);
  const { columns } = snapshot.manifest;
  const positions = columns.map(({ info }, i) => scope.use(info.name, `columns[${i}]`).position);
  const predicate = resolveFilters(filters, scope);
  const stretches = stretchesOf(scope.batchRows, (batch) =>
    mayMatch(predicate, scope.used, batch),
  ).flatMap(piecesOf);
  const take = (stretch: Stretch | undefined): Promise<Uint8Array> => {
    const only = stretch === undefined ? [] : [stretch];
    const taken = withRun(
      workshop,
      scope,
      predicate,
      async (run) => {
        const plan = { kind: 'take', columns: positions } as const;
        return (await run.compute<'take'>(plan, { stretches: only })).result;
      },
      signal,
      { stretches: only },
    );
    // Nobody waits for it any more where the reader has gone.
    taken.catch(() => {});
    return taken;
  };
  let next: Promise<Uint8Array> | undefined = take(stretches[0]);
  for (let i = 1; next !== undefined; i++) {
    const bytes: Uint8Array = await next;
    next = i < stretches.length ? take(stretches[i]) : undefined;
    yield bytes;
  }
}
