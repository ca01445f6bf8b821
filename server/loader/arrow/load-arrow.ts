import { canonicalJson } from '../../../protocol/canonical.js';
import type { AppendBase } from '../append/append-base.js';
import { checkColumns } from '../append/check-columns.js';
import { NotAnAppend } from '../append/not-an-append.js';
import { readResume, resumedEncoding, writeResume } from '../append/resume-file.js';
import type { LoadContext, LoadOutcome } from '../context.js';
import type { Encoder } from '../encode/encoder.js';
import { incomplete, writeSegments } from '../write-segments.js';
import { withArrowTables, type OpenTables } from './open-tables.js';
import { readBatches } from './read-batches.js';
import { readSlice, sliceReaders } from './read-slice.js';

/** Rows that are converted at a time. */
const SLICE_ROWS = 32_768;
/** The part of the cage that the encoder takes its measure from: the rest is for a batch in memory. */
const ENCODER_SHARE = 0.55;

/** Loads one Arrow file or stream, or several as one table; of an append, the files that came behind those of its base. */
export async function loadArrow(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, dir, memoryBytes, base, isResumable = false } = context;
  const resumed = base && (await resumedBy(base));
  return withArrowTables(source, async (tables) => {
    const { columns } = tables;
    if (base !== undefined) checkSame(base, columns);
    const first = base?.files ?? 0;
    const rowsTotal = tables.files.slice(first).reduce((sum, { rows }) => sum + rows, 0);
    const written = await writeSegments({
      dir,
      columns,
      memoryBytes: memoryBytes * ENCODER_SHARE,
      signal,
      resumed,
      async fill(encoder) {
        const rows = await stageFiles({ ...tables, rowsTotal }, first, encoder, context);
        if (rows !== rowsTotal) throw incomplete(rows, rowsTotal);
        return rows;
      },
    });
    const { segments, nulled, encoding } = written;
    const rows = (base?.rows ?? 0) + written.rows;
    const resume = isResumable ? await writeResume(dir, { encoding, source: null }) : undefined;
    const warnings = [...tables.warnings, ...written.warnings];
    const report = { lines: rows, rows, setAside: 0, nulled, warnings, findings: [] };
    const isAppend = base !== undefined;
    return { rows, columns: written.columns, segments, report, resume, isAppend };
  });
}

async function resumedBy(base: AppendBase) {
  if (base.isLastChanged)
    throw new NotAnAppend('an Arrow file that has changed may be another one all over.');
  return resumedEncoding(base, await readResume(base));
}

/** Refuses columns that would not have given the rows before what they are. */
function checkSame({ columns: before }: AppendBase, now: OpenTables['columns']): void {
  const infos = before.map(({ info }) => info);
  checkColumns(infos, now);
  for (const [i, { name, load }] of now.entries())
    if (canonicalJson(before[i]!.logical) !== canonicalJson(load.logical))
      throw new NotAnAppend(`the column "${name}" has another unit now.`);
}

/** Stages the rows of the files from `first` on, in their order, and returns how many those were. */
async function stageFiles(
  { files, columns, rowsTotal }: OpenTables,
  first: number,
  encoder: Encoder,
  context: LoadContext,
): Promise<number> {
  const { signal, bytesTotal } = context;
  let staging = await encoder.take();
  let done = 0;
  for (const [i, file] of files.entries()) {
    if (i < first) continue;
    const readers = sliceReaders(columns, i);
    for (const batch of readBatches(file)) {
      const { rows } = batch;
      for (let from = 0; from < rows;) {
        signal.throwIfAborted();
        const room = staging.capacity - staging.rows;
        let to = Math.min(rows, from + SLICE_ROWS, from + room);
        for (;;) {
          const slice = readSlice(file, batch, readers, from, to);
          if (staging.appendRows(slice, to - from)) break;
          // Long texts: into an empty batch as many as fit, at least one.
          if (staging.rows === 0) to = from + Math.max(1, (to - from) >>> 1);
          else {
            encoder.send(staging);
            staging = await encoder.take();
          }
        }
        done += to - from;
        from = to;
        if (staging.rows === staging.capacity) {
          encoder.send(staging);
          staging = await encoder.take();
        }
        const bytes = rowsTotal === 0 ? bytesTotal : Math.round((bytesTotal * done) / rowsTotal);
        context.onProgress({ stage: 'reading', rows: done, rowsTotal, bytes, bytesTotal });
      }
    }
  }
  if (staging.rows > 0) encoder.send(staging);
  return done;
}
