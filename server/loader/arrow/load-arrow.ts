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

/** Loads one Arrow file or stream, or several as one table. */
export async function loadArrow(context: LoadContext): Promise<LoadOutcome> {
  const { source, signal, dir, memoryBytes } = context;
  return withArrowTables(source, async (tables) => {
    const { columns, rowsTotal } = tables;
    const written = await writeSegments({
      dir,
      columns,
      memoryBytes: memoryBytes * ENCODER_SHARE,
      signal,
      async fill(encoder) {
        const rows = await stageFiles(tables, encoder, context);
        if (rows !== rowsTotal) throw incomplete(rows, rowsTotal);
        return rows;
      },
    });
    const { rows, segments, nulled } = written;
    const warnings = [...tables.warnings, ...written.warnings];
    const report = { lines: rows, rows, setAside: 0, nulled, warnings, findings: [] };
    return { rows, columns: written.columns, segments, report };
  });
}

/** Stages the rows of all files in their order and returns how many those were. */
async function stageFiles(
  { files, columns, rowsTotal }: OpenTables,
  encoder: Encoder,
  context: LoadContext,
): Promise<number> {
  const { signal, bytesTotal } = context;
  let staging = await encoder.take();
  let done = 0;
  for (const [i, file] of files.entries()) {
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
