import { Type } from 'typebox';
import { Run } from '../../protocol/run.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

const Id = Type.Object({ id: Type.String() });

/** Loading datasets anew, and following, listing and cancelling their runs. */
export function runRoutes(app: App, { catalog, config, runs }: AppParts): void {
  app.post(
    '/datasets/:name/refresh',
    {
      schema: {
        summary: 'Begins a run, or joins the one that is under way',
        params: Type.Object({ name: Type.String() }),
        // Null is a request without a body.
        body: Type.Union([
          Type.Object({ force: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
          Type.Null(),
        ]),
        response: { 202: Run },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'load');
      const { force = false } = request.body ?? {};
      const run = catalog.refresh(request.params.name, { trigger: 'manual', force });
      return reply.code(202).send(run);
    },
  );

  app.get(
    '/runs',
    {
      schema: {
        summary: 'Runs, the newest first',
        querystring: Type.Object(
          {
            dataset: Type.Optional(Type.String()),
            limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 200 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ runs: Type.Array(Run) }) },
      },
    },
    async (request, reply) => {
      const { dataset, limit } = request.query;
      if (dataset !== undefined) catalog.get(dataset);
      return reply
        .header('cache-control', 'no-cache')
        .send({ runs: runs.list(dataset).slice(0, limit) });
    },
  );

  app.get(
    '/runs/:id',
    { schema: { summary: 'One run, with its log', params: Id, response: { 200: Run } } },
    async (request, reply) =>
      reply.header('cache-control', 'no-cache').send(runs.get(request.params.id)),
  );

  app.delete(
    '/runs/:id',
    {
      schema: {
        summary: 'Cancels a run, and answers when it has ended',
        params: Id,
        response: { 200: Run },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'stop loads');
      const { id } = request.params;
      runs.get(id);
      await catalog.cancelRun(id);
      return reply.send(runs.get(id));
    },
  );
}
