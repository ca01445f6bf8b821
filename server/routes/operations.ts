import { Type } from 'typebox';
import type { Description } from '../http/description.js';
import type { App, AppParts } from './parts.js';

const State = Type.Object({
  status: Type.String(),
  loading: Type.Array(Type.String()),
  failed: Type.Array(Type.String()),
});

/** Health, readiness, metrics and the description of the API. */
export function operationRoutes(
  app: App,
  { catalog, metrics, isClosing }: AppParts,
  description: Description,
): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Is the process alive?',
        response: { 200: Type.Object({ status: Type.String() }) },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Does every dataset answer? 503 while one is loaded for the first time',
        response: { 200: State, 503: State },
      },
    },
    async (_request, reply) => {
      const named = (wanted: string) =>
        catalog.list().flatMap(({ name, status }) => (status === wanted ? [name] : []));
      const loading = named('loading');
      const isReady = loading.length === 0 && !isClosing();
      return reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: isReady ? 'ready' : 'busy', loading, failed: named('failed') });
    },
  );

  app.get('/metrics', { schema: { summary: 'Numbers for Prometheus' } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );

  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.send(await description.openapi()),
  );
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { schema: { hide: true } }, (request, reply) => description.page(request, reply));
  }
}
