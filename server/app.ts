import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type RouteOptions } from 'fastify';
import { MAX_BODY } from '../protocol/limits.js';
import { API } from '../protocol/media.js';
import { HalftoneError } from './errors.js';
import { wantsPage } from './http/accept.js';
import { describeRoutes } from './http/description.js';
import { guardRequests } from './http/guard.js';
import { answerMalformed } from './http/malformed.js';
import { notFoundPage } from './http/not-found-page.js';
import { originForm } from './http/origin-form.js';
import { answerOtherMethods } from './http/other-methods.js';
import { answerProblem } from './http/problems.js';
import { allowOrigins } from './http/cross-origin.js';
import { closeStalled, STALLED_MS } from './http/stalled.js';
import { lazyValidation } from './http/validation.js';
import { cacheRoutes } from './routes/cache.js';
import { columnRoutes } from './routes/columns.js';
import { configurationRoutes } from './routes/configuration.js';
import { cubesRoutes } from './routes/cubes.js';
import { dashboardRoutes } from './routes/dashboards.js';
import { datasetRoutes } from './routes/datasets.js';
import { eventRoutes } from './routes/events.js';
import { explainRoutes } from './routes/explain.js';
import { exportRoutes } from './routes/export.js';
import { frameRoutes } from './routes/frame.js';
import { framesRoutes } from './routes/frames.js';
import { jobRoutes } from './routes/jobs.js';
import { loginRoutes } from './routes/login.js';
import { openRoutes } from './routes/open.js';
import { operationRoutes } from './routes/operations.js';
import { pageRoutes } from './routes/pages.js';
import type { App, AppParts } from './routes/parts.js';
import { reportRoutes } from './routes/report.js';
import { runRoutes } from './routes/runs.js';
import { uploadRoutes } from './routes/uploads.js';
import { verifyRoutes } from './routes/verify.js';

/** Filters stand in addresses too, and are as long as in a body: the 10,000 values of one have to fit. */
const MAX_HEADERS = MAX_BODY;

/** Puts the server together; who calls it listens, or injects requests, and closes it. */
export async function buildApp(parts: AppParts): Promise<App> {
  const { config, metrics, report } = parts;
  // What a client sends is taken as it is or refused, never trimmed to fit.
  const validation = lazyValidation({ removeAdditional: false });
  const app: App = Fastify({
    bodyLimit: MAX_BODY,
    trustProxy: config.trustProxy,
    connectionTimeout: STALLED_MS,
    return503OnClosing: false,
    rewriteUrl: originForm,
    http: { maxHeaderSize: MAX_HEADERS },
    // Names of datasets and columns stand in addresses: no name is too long that the header could hold.
    routerOptions: { maxParamLength: MAX_HEADERS },
    schemaController: {
      compilersFactory: {
        buildValidator: validation.buildValidator,
        // Response schemas describe; fast-json-stringify would drop what they do not name.
        buildSerializer: () => () => (value) => JSON.stringify(value),
      },
    },
    frameworkErrors: (error, request, reply) => {
      void answerProblem(error, request, reply, report);
    },
    clientErrorHandler: answerMalformed,
  }).withTypeProvider<TypeBoxTypeProvider>();

  // Text is no query; and a form of another site may send it without being asked.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, report));
  closeStalled(app);
  await allowOrigins(app, config);
  guardRequests(app, parts);
  validation.attachTo(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const { basePath } = config;
    // A person in front of a browser is helped by a page; programs, and the API whoever asks, tell it as a problem.
    if (!path.startsWith(`${basePath}${API}/`) && wantsPage(request.method, request.headers)) {
      return reply
        .code(404)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(notFoundPage(path, basePath));
    }
    throw new HalftoneError('ROUTE_UNKNOWN', `There is nothing at ${path}.`, {
      hint: `The API begins at ${config.basePath}${API}/; ${config.basePath}docs describes it.`,
    });
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const labels = { method, route, status: String(reply.statusCode) };
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });

  const prefix = config.basePath.slice(0, -1);
  const routes: RouteOptions[] = [];
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', (route) => {
    const { url, method } = route;
    const methods = known.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    known.set(url, methods);
    if (method !== 'HEAD') routes.push(route);
  });
  const description = describeRoutes(routes, prefix);

  await app.register(
    async (root: App) => {
      operationRoutes(root, parts, description);
      loginRoutes(root, parts);
      await root.register(
        (api: App, _options, done) => {
          datasetRoutes(api, parts);
          frameRoutes(api, parts);
          framesRoutes(api, parts);
          explainRoutes(api, parts);
          cubesRoutes(api, parts);
          verifyRoutes(api, parts);
          columnRoutes(api, parts);
          exportRoutes(api, parts);
          reportRoutes(api, parts);
          runRoutes(api, parts);
          jobRoutes(api, parts);
          cacheRoutes(api, parts);
          configurationRoutes(api, parts);
          dashboardRoutes(api, parts);
          eventRoutes(api, parts);
          openRoutes(api, parts);
          void api.register((uploads: App, _uploadOptions, registered) => {
            uploadRoutes(uploads, parts);
            registered();
          });
          done();
        },
        { prefix: `/${API}` },
      );
      await pageRoutes(root, parts);
    },
    { prefix },
  );
  await app.register((others, _options, done) => {
    answerOtherMethods(others, known, `${prefix}/*`);
    done();
  });
  return app;
}
