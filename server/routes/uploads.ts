import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { DatasetInfo } from '../../protocol/dataset.js';
import { saveUpload } from '../files/upload.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

/**
 * A dropped file: streamed into the cache, then loaded like any other. Withdrawing the request cancels it. The
 * body may be of any type and size, so this route has a plugin scope of its own.
 */
export function uploadRoutes(app: App, { catalog, config, openPath }: AppParts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.put(
    '/uploads/:name',
    {
      schema: {
        summary: 'Uploads a file and loads it',
        params: Type.Object({ name: Type.String() }),
        response: { 202: Type.Object({ datasets: Type.Array(DatasetInfo) }) },
      },
      bodyLimit: Number.MAX_SAFE_INTEGER,
      onRequest: (_request, _reply, done) => {
        refuseReadOnly(config, 'take files');
        done();
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const content = (request.body as Readable | null) ?? request.raw;
      const path = await saveUpload(content, { dir: config.uploadDir, id: randomUUID(), name });
      const sources = await openPath(path, {}).catch(async (error: unknown) => {
        await rm(dirname(path), { recursive: true, force: true });
        throw error;
      });
      const names = catalog.add(sources);
      return reply.code(202).send({ datasets: names.map((one) => catalog.get(one)) });
    },
  );
}
