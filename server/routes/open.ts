import { Type } from 'typebox';
import { DatasetInfo } from '../../protocol/dataset.js';
import { HalftoneError } from '../errors.js';
import { completePath, fromHome } from '../files/complete.js';
import { isLoopbackClient } from '../http/loopback.js';
import { refuseReadOnly } from './read-only.js';
import type { App, AppParts } from './parts.js';

/** How a CSV is to be read, as the load panel sends it; what is absent is detected. */
export const CsvRequest = Type.Object(
  {
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 4 })),
    quote: Type.Optional(Type.String({ maxLength: 1 })),
    escape: Type.Optional(Type.String({ maxLength: 1 })),
    decimal: Type.Optional(Type.Union([Type.Literal(','), Type.Literal('.')])),
    encoding: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    header: Type.Optional(Type.Boolean()),
    nulls: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
    types: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: false },
);

const Names = Type.Object({ datasets: Type.Array(DatasetInfo) });
const Name = Type.Object({ name: Type.String() });

/** Opening files from the start page, loading anew, and stopping a load. */
export function openRoutes(app: App, parts: AppParts): void {
  const { catalog, config, openPath, samples } = parts;

  app.post(
    '/datasets',
    {
      schema: {
        summary: 'Opens a path of this machine (from this machine only), or a sample',
        body: Type.Object(
          {
            path: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
            sample: Type.Optional(Type.String()),
            name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
            csv: Type.Optional(CsvRequest),
            strict: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        response: { 202: Names },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'open files');
      const { sample, ...options } = request.body;
      const typed = options.path === undefined ? undefined : fromHome(options.path);
      const path = sample === undefined ? typed : samplePath(sample);
      if (path === undefined) {
        throw new HalftoneError('QUERY_INVALID', 'Either a path or a sample has to be named.', {
          field: 'path',
        });
      }
      // A sample comes with the product; any other path would tell a stranger about this machine.
      if (sample === undefined) refuseStrangers(isLoopbackClient(request.raw), 'Opening a path');
      const names = catalog.add(await openPath(path, options));
      return reply.code(202).send({ datasets: names.map((name) => catalog.get(name)) });
    },
  );

  app.post(
    '/datasets/:name/load',
    {
      schema: {
        summary: 'Loads a dataset anew, with other options if they are given',
        params: Name,
        // Null is a request without a body.
        body: Type.Union([
          Type.Object(
            { csv: Type.Optional(CsvRequest), strict: Type.Optional(Type.Boolean()) },
            { additionalProperties: false },
          ),
          Type.Null(),
        ]),
        response: { 202: DatasetInfo },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'load');
      const { name } = request.params;
      catalog.reload(name, request.body ?? {});
      return reply.code(202).send(catalog.get(name));
    },
  );

  app.delete(
    '/datasets/:name/load',
    {
      schema: {
        summary: 'Stops the load of a dataset',
        params: Name,
        response: { 200: Type.Object({ cancelled: Type.Boolean() }) },
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'stop loads');
      return reply.send({ cancelled: catalog.cancel(request.params.name) });
    },
  );

  app.get(
    '/samples',
    {
      schema: {
        summary: 'The samples that come with Halftone',
        response: {
          200: Type.Object({
            samples: Type.Array(
              Type.Object({ name: Type.String(), file: Type.String(), bytes: Type.Number() }),
            ),
          }),
        },
      },
    },
    async (_request, reply) =>
      reply.send({
        samples: samples.map(({ name, file, bytes }) => ({ name, file, bytes })),
      }),
  );

  app.get(
    '/files',
    {
      schema: {
        summary: 'Completes a path of this machine (from this machine only)',
        querystring: Type.Object({ prefix: Type.Optional(Type.String({ maxLength: 4096 })) }),
      },
    },
    async (request, reply) => {
      refuseReadOnly(config, 'open files');
      refuseStrangers(isLoopbackClient(request.raw), 'Completing paths');
      return reply
        .header('cache-control', 'no-store')
        .send(await completePath(request.query.prefix ?? ''));
    },
  );

  function samplePath(name: string): string {
    const found = samples.find((sample) => sample.name === name);
    if (found !== undefined) return found.path;
    throw new HalftoneError('SOURCE_MISSING', `There is no sample named "${name}".`, {
      hint: `There are ${samples.map((sample) => sample.name).join(', ') || 'none'}.`,
      field: 'sample',
    });
  }
}

function refuseStrangers(isLocal: boolean, what: string): void {
  if (isLocal) return;
  throw new HalftoneError(
    'LOOPBACK_ONLY',
    `${what} is possible only from the machine of the server.`,
    {
      hint: 'Upload the file instead.',
    },
  );
}
