import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

/** The description of the API as OpenAPI, and the pages that show it. */
export interface Description {
  openapi(): Promise<object>;
  /** Answers a request for one of the pages. */
  page(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

/**
 * Describes routes when somebody asks for it: in an app of its own that has their schemas and answers nothing else, so that
 * no start waits for what few ever look at. `prefix` is the base path without its last slash.
 */
export function describeRoutes(routes: readonly RouteOptions[], prefix: string): Description {
  let app: Promise<FastifyInstance> | undefined;
  const described = () => (app ??= build(routes, prefix));
  return {
    openapi: async () => (await described()).swagger(),
    async page({ method, url, headers }, reply) {
      const inject = { method: method === 'HEAD' ? 'HEAD' : 'GET', url, headers } as const;
      const {
        statusCode,
        headers: answered,
        rawPayload,
      } = await (await described()).inject(inject);
      delete answered['content-length'];
      delete answered['transfer-encoding'];
      delete answered.connection;
      return reply.code(statusCode).headers(answered).send(rawPayload);
    },
  };
}

async function build(routes: readonly RouteOptions[], prefix: string): Promise<FastifyInstance> {
  const [{ default: Fastify }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const app = Fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Halftone', description: 'See docs/reference/http.md.', version: '1' },
    },
  });
  await app.register(swaggerUi, { routePrefix: `${prefix}/docs`, staticCSP: true });
  for (const { method, url, schema } of routes) {
    if (schema !== undefined && schema.hide !== true)
      app.route({ method, url, schema, handler: () => undefined });
  }
  await app.ready();
  return app;
}
