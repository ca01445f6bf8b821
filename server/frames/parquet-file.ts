import type { FooterTask } from '../../workers/parquet/write-footer.js';
import type { RowGroupsTask, WrittenRowGroups } from '../../workers/parquet/write-row-groups.js';

/** Writes the parts of a Parquet file, on a worker thread. */
export interface WriteParquet {
  rowGroups: (task: RowGroupsTask) => Promise<WrittenRowGroups>;
  footer: (task: FooterTask) => Promise<Uint8Array>;
}

const MAGIC = 'PAR1';

/**
 * Arrow streams of one batch each, of which at least one comes, as one Parquet file. A file that breaks off has no
 * footer, so that nobody takes it for a whole one.
 */
export async function* parquetFile(
  streams: AsyncIterable<Uint8Array>,
  write: WriteParquet,
): AsyncGenerator<Uint8Array> {
  let offset = MAGIC.length;
  let schema: WrittenRowGroups['schema'] = [];
  const groups: WrittenRowGroups['groups'] = [];
  yield Buffer.from(MAGIC);
  for await (const bytes of streams) {
    const written = await write.rowGroups({ bytes, offset });
    schema = written.schema;
    if (written.groups.length === 0) continue;
    groups.push(...written.groups);
    offset += written.bytes.length;
    yield written.bytes;
  }
  yield await write.footer({ schema, groups });
}
