import { Type } from 'typebox';
import { MAX_DROPDOWN } from '../../protocol/limits.js';
import { SNAPSHOT_HEADER } from '../../protocol/media.js';
import { ColumnValues } from '../../protocol/options.js';
import { HalftoneError } from '../errors.js';
import { shorten } from '../http/base64url.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { App, AppParts } from './parts.js';

/** The options of a dropdown, counted under the other filters; and one row in full. */
export function columnRoutes(app: App, parts: AppParts): void {
  const { catalog, engine, checkFilters } = parts;

  app.get(
    '/datasets/:name/columns/:column/values',
    {
      schema: {
        summary: 'The values of a column, most frequent first',
        params: Type.Object({ name: Type.String(), column: Type.String() }),
        querystring: Type.Object({
          search: Type.Optional(Type.String({ maxLength: 1000 })),
          limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
          filters: Type.Optional(Type.String({ description: 'JSON: the other filters' })),
          snapshot: Type.Optional(Type.String()),
        }),
        response: { 200: ColumnValues },
      },
    },
    async (request, reply) => {
      const { name, column } = request.params;
      const { search, limit = MAX_DROPDOWN, filters, snapshot: id } = request.query;
      const snapshot = catalog.snapshot(name, id);
      const values = await engine.values(
        snapshot,
        {
          column,
          limit,
          filters: checkFilters(readFilters(filters)),
          ...(search ? { search } : {}),
        },
        withdrawnSignal(reply),
      );
      return reply
        .headers({ [SNAPSHOT_HEADER]: snapshot.manifest.id, 'cache-control': 'no-cache' })
        .send(values);
    },
  );

  app.get(
    '/datasets/:name/rows/:row',
    {
      schema: {
        summary: 'One row in full, every value exact',
        params: Type.Object({ name: Type.String(), row: Type.String() }),
        querystring: Type.Object({ snapshot: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const { name, row } = request.params;
      const snapshot = catalog.snapshot(name, request.query.snapshot);
      const { rows } = snapshot.manifest;
      if (!/^\d{1,15}$/u.test(row) || Number(row) >= rows) {
        throw new HalftoneError('ROW_UNKNOWN', `"${name}" has no row "${shorten(row)}".`, {
          hint: rows === 0 ? 'It has no rows.' : `Rows are numbered from 0 to ${rows - 1}.`,
        });
      }
      const found = await engine.row(snapshot, Number(row), withdrawnSignal(reply));
      return reply
        .headers({ [SNAPSHOT_HEADER]: snapshot.manifest.id, 'cache-control': 'no-cache' })
        .send(found);
    },
  );
}

/** Reads the filters of an address: the JSON of a list, as in a query. */
export function readFilters(json: string | undefined): unknown {
  if (json === undefined || json === '') return [];
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new HalftoneError(
      'QUERY_INVALID',
      `The parameter filters is not JSON: "${shorten(json)}".`,
      {
        field: 'filters',
      },
    );
  }
}
