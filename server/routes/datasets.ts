import { Type } from 'typebox';
import { DatasetInfo } from '../../protocol/dataset.js';
import type { App, AppParts } from './parts.js';

/** What there is: every dataset, or one. */
export function datasetRoutes(app: App, { catalog }: AppParts): void {
  app.get(
    '/datasets',
    {
      schema: {
        summary: 'All datasets',
        response: { 200: Type.Object({ datasets: Type.Array(DatasetInfo) }) },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-cache').send({ datasets: catalog.list() }),
  );

  app.get(
    '/datasets/:name',
    {
      schema: {
        summary: 'One dataset',
        params: Type.Object({ name: Type.String() }),
        response: { 200: DatasetInfo },
      },
    },
    async (request, reply) =>
      reply.header('cache-control', 'no-cache').send(catalog.get(request.params.name)),
  );
}
