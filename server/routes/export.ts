import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { ARROW_STREAM, PARQUET, SNAPSHOT_HEADER } from '../../protocol/media.js';
import { csvLine } from '../../workers/text/csv-line.js';
import type { TextFormat } from '../../workers/text/write-text.js';
import { HalftoneError } from '../errors.js';
import { joinStreams } from '../frames/join-streams.js';
import { parquetFile } from '../frames/parquet-file.js';
import type { WriteText } from '../frames/text-frame.js';
import { attachment } from '../http/headers.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { Snapshot } from '../snapshots/manifest.js';
import { readFilters } from './columns.js';
import type { App, AppParts } from './parts.js';

const FORMATS = {
  arrow: { media: ARROW_STREAM, ending: 'arrows' },
  csv: { media: 'text/csv; charset=utf-8', ending: 'csv' },
  json: { media: 'application/json', ending: 'json' },
  ndjson: { media: 'application/x-ndjson', ending: 'ndjson' },
  parquet: { media: PARQUET, ending: 'parquet' },
} as const satisfies Record<TextFormat | 'arrow' | 'parquet', { media: string; ending: string }>;
type ExportFormat = keyof typeof FORMATS;

/** Every matching row, in row order, streamed and never cut. */
export function exportRoutes(app: App, parts: AppParts): void {
  const { catalog, checkFilters } = parts;

  app.get(
    '/datasets/:name/export',
    {
      schema: {
        summary: 'Every matching row, streamed',
        params: Type.Object({ name: Type.String() }),
        querystring: Type.Object({
          format: Type.Optional(
            Type.String({ description: 'csv, arrow, parquet, json or ndjson' }),
          ),
          filters: Type.Optional(Type.String({ description: 'JSON: the filters' })),
          snapshot: Type.Optional(Type.String()),
          formulas: Type.Optional(
            Type.String({ description: 'text: no text of a CSV is a formula to a spreadsheet' }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { format = 'csv', filters, snapshot: id, formulas } = request.query;
      if (!isExportFormat(format)) throw unknownFormat(format);
      if (formulas !== undefined && formulas !== 'text') throw unknownFormulas(formulas);
      const snapshot = catalog.snapshot(name, id);
      const rows = parts.engine.rows(
        snapshot,
        checkFilters(readFilters(filters)),
        withdrawnSignal(reply),
      );
      const chunks =
        format === 'arrow'
          ? joinStreams(rows)
          : format === 'parquet'
            ? parquetFile(rows, parts.writeParquet)
            : exportText(rows, parts.writeText, { snapshot, format, isSafe: formulas === 'text' });
      // The first bytes are fetched before the headers go out, so that a wrong filter still gets its own answer.
      const opened = await chunks.next();
      const begun = await chunks.next();
      const { media, ending } = FORMATS[format];
      reply.headers({
        [SNAPSHOT_HEADER]: snapshot.manifest.id,
        'content-disposition': attachment(`${name}.${ending}`),
        'cache-control': 'no-store',
      });
      reply.type(media);
      // HEAD would be sent nothing of it, but have every row computed.
      if (request.method === 'HEAD') {
        await chunks.return(undefined);
        return reply.send(Readable.from([]));
      }
      return reply.send(Readable.from(resume([opened, begun], chunks)));
    },
  );
}

interface TextExport {
  snapshot: Snapshot;
  format: TextFormat;
  /** Of CSV: no text is a formula to a spreadsheet. */
  isSafe: boolean;
}

/** The pieces of a text: a failure in the middle breaks the connection, so that it never passes for an end. */
async function* exportText(
  streams: AsyncIterable<Uint8Array>,
  writeText: WriteText,
  { snapshot, format, isSafe }: TextExport,
): AsyncGenerator<Uint8Array | string> {
  yield opening({ snapshot, format, isSafe });
  let hasRows = false;
  for await (const bytes of streams) {
    const written = await writeText({ bytes, format, ...(isSafe ? { isSafe } : {}) });
    if (written.rows === 0) continue;
    if (format === 'json' && hasRows) yield ',\n';
    hasRows = true;
    yield written.bytes;
  }
  if (format === 'json') yield '\n]\n';
}

function opening({ format, snapshot: { manifest }, isSafe }: TextExport): string {
  const names = manifest.columns.map(({ info }) => info.name);
  if (format === 'csv') return csvLine(names, isSafe);
  return format === 'json' ? '[\n' : '';
}

async function* resume<T>(
  begun: readonly IteratorResult<T, unknown>[],
  rest: AsyncGenerator<T>,
): AsyncGenerator<T> {
  for (const result of begun) if (result.done !== true) yield result.value;
  yield* rest;
}

function isExportFormat(format: string): format is ExportFormat {
  return Object.hasOwn(FORMATS, format);
}

function unknownFormulas(formulas: string): HalftoneError {
  return new HalftoneError('QUERY_INVALID', `"formulas" cannot be "${formulas}".`, {
    field: 'formulas',
    hint: 'It can be "text".',
  });
}

function unknownFormat(format: string): HalftoneError {
  return new HalftoneError('QUERY_INVALID', `There is no export as "${format}".`, {
    field: 'format',
    hint: `It can be ${Object.keys(FORMATS).join(', ')}.`,
  });
}
