import type { Filter } from '../../protocol/query.js';
import type { Stretch } from '../../workers/scan/stretch.js';
import { batchPlaces } from '../memory/buffers.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { ColumnScope } from './columns.js';
import { resolveFilters } from './resolve-filter.js';
import { withRun, type Workshop } from './with-run.js';
import { openStretches } from './zone-map.js';

/** A piece holds up its thread for some hundredths of a second only. */
const PIECE_ROWS = 2 ** 16;
/** About what a piece takes at the most, of however many columns: one is sent while the next is computed. */
const PIECE_BYTES = 4 * 2 ** 20;

function piecesOf({ batch, from, to, firstRow }: Stretch, rows: number): Stretch[] {
  return Array.from({ length: Math.ceil((to - from) / rows) }, (_, i) => {
    const start = from + i * rows;
    const end = Math.min(to, start + rows);
    return { batch, from: start, to: end, firstRow: firstRow + start - from };
  });
}

/** How many rows of a batch a piece has: a power of two. */
function rowsOfPiece({ manifest }: Snapshot, at: number): number {
  const { segment, batch } = batchPlaces(manifest)[at]!;
  const { rows, columns } = segment.batches[batch]!;
  const bytesARow = columns.reduce((sum, { data, offsets, validity }, column) => {
    const { dictionary } = segment.columns[column]!;
    const bytes = [data, offsets, validity].reduce((own, ref) => own + (ref?.length ?? 0), 0);
    // A string of a dictionary counts as one of average length.
    const string = (dictionary?.bytes.length ?? 0) / Math.max(1, dictionary?.size ?? 0);
    return sum + bytes / rows + string;
  }, 0);
  const fitting = 2 ** Math.floor(Math.log2(PIECE_BYTES / Math.max(1, bytesARow)));
  return Math.max(1, Math.min(PIECE_ROWS, fitting));
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
  const stretches = openStretches(predicate, scope).flatMap((stretch) =>
    piecesOf(stretch, rowsOfPiece(snapshot, stretch.batch)),
  );
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
