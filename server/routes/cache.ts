import { Type } from 'typebox';
import { HalftoneError } from '../errors.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

const Use = Type.Object({ bytes: Type.Number(), maxBytes: Type.Number() });
const CacheReport = Type.Object({
  memory: Type.Object({
    frames: Type.Object({
      ...Use.properties,
      entries: Type.Array(
        Type.Object({
          key: Type.String(),
          dataset: Type.String(),
          snapshot: Type.String(),
          mark: Type.String(),
          bytes: Type.Number(),
          codings: Type.Record(Type.String(), Type.Number()),
        }),
      ),
    }),
    columns: Use,
    account: Type.Object({
      limitBytes: Type.Number(),
      bookedBytes: Type.Number(),
      peakBytes: Type.Number(),
      scratchBytes: Type.Number(),
      keptBytes: Type.Number(),
    }),
  }),
  disk: Type.Object({
    bytes: Type.Number(),
    frames: Type.Object({ ...Use.properties, frames: Type.Number() }),
    snapshots: Type.Array(
      Type.Object({
        dataset: Type.String(),
        snapshot: Type.String(),
        rows: Type.Number(),
        bytes: Type.Number(),
        createdAt: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
  }),
});

/** What is cached where, and how to be rid of it. */
export function cacheRoutes(app: App, parts: AppParts): void {
  const { catalog, frames, frameUse, columnUse } = parts;

  app.get(
    '/cache',
    { schema: { summary: 'What is cached where', response: { 200: CacheReport } } },
    async (_request, reply) => {
      const snapshots = catalog
        .list()
        .flatMap(({ name, snapshot, rows, bytes, createdAt }) =>
          snapshot === null ? [] : [{ dataset: name, snapshot, rows, bytes, createdAt }],
        );
      const entries = frames.entries().map(({ key, dataset, snapshot, frame, coded }) => ({
        key,
        dataset,
        snapshot,
        mark: frame.metadata.mark,
        bytes: frame.bytes.byteLength,
        codings: Object.fromEntries([...coded].map(([coding, bytes]) => [coding, bytes.length])),
      }));
      const { bytes, maxBytes, limitBytes, bookedBytes, peakBytes, scratchBytes, keptBytes } =
        columnUse();
      return reply.header('cache-control', 'no-cache').send({
        memory: {
          frames: { bytes: frames.bytesHeld, maxBytes: frames.maxBytes, entries },
          columns: { bytes, maxBytes },
          account: { limitBytes, bookedBytes, peakBytes, scratchBytes, keptBytes },
        },
        disk: {
          bytes: snapshots.reduce((sum, { bytes }) => sum + bytes, 0),
          frames: frameUse(),
          snapshots,
        },
      });
    },
  );

  app.delete(
    '/cache',
    {
      schema: {
        summary: "Forgets frames: one, one dataset's, or all",
        querystring: Type.Object(
          { dataset: Type.Optional(Type.String()), key: Type.Optional(Type.String()) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ cleared: Type.Number(), bytes: Type.Number() }) },
      },
    },
    async (request, reply) => {
      refuseReadOnly(parts.config, 'clear the cache');
      const { dataset, key } = request.query;
      if (dataset === '' || key === '') {
        throw new HalftoneError(
          'QUERY_INVALID',
          'An empty name clears nothing: leave it out to clear all.',
        );
      }
      if (dataset !== undefined) catalog.get(dataset);
      const { frames: cleared, bytes } = await frames.clear(request.query);
      return reply.send({ cleared, bytes });
    },
  );
}
