import { Type } from 'typebox';
import { DatasetInfo } from '../../protocol/dataset.js';
import { refreshInfo } from '../jobs/refresh-info.js';
import type { App, AppParts } from './parts.js';

/** What there is: every dataset, or one. */
export function datasetRoutes(app: App, { catalog, jobs }: AppParts): void {
  const withRefresh = (info: DatasetInfo): DatasetInfo => {
    const refresh = refreshInfo(catalog.source(info.name), jobs);
    return refresh === undefined ? info : { ...info, refresh };
  };

  app.get(
    '/datasets',
    {
      schema: {
        summary: 'All datasets',
        response: { 200: Type.Object({ datasets: Type.Array(DatasetInfo) }) },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-cache').send({ datasets: catalog.list().map(withRefresh) }),
  );

  app.get(
    '/datasets/:name',
    {
      schema: {
        summary: 'One dataset',
        params: Type.Object({ name: Type.String() }),
        querystring: Type.Object({ snapshot: Type.Optional(Type.String()) }),
        response: { 200: DatasetInfo },
      },
    },
    async ({ params, query }, reply) =>
      reply
        .header('cache-control', 'no-cache')
        .send(withRefresh(catalog.get(params.name, query.snapshot))),
  );
}
