import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MAX_QUERIES } from '../../protocol/limits.js';
import { ARROW_STREAM, FRAMES, SNAPSHOT_HEADER } from '../../protocol/media.js';
import { Query } from '../../protocol/query.js';
import { shown } from '../engine/check-schema.js';
import { HalftoneError } from '../errors.js';
import { answerQuery, etagOf, headersOfAnswer, takeFreshQuery } from '../frames/answer-query.js';
import { asCompleted } from '../frames/as-completed.js';
import { asBuffer } from '../frames/frame-cache.js';
import type { FramePart } from '../frames/frame-part.js';
import { Refresh, takeRefresh } from '../frames/freshen.js';
import { sendParts } from '../frames/send-parts.js';
import { chooseCoding } from '../http/coding.js';
import { isLoopbackClient } from '../http/loopback.js';
import { problemOf } from '../http/problems.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

/**
 * Queries of one request that are computed, or wait to be sent, at once: more than a browser's six connections, and
 * few enough that one dashboard neither pins all columns nor holds many frames for a reader who has stalled.
 */
const AT_ONCE = 8;

const FramesBody = Type.Object({ queries: Type.Array(Query, { maxItems: MAX_QUERIES }) });

/** Many frames in one answer, each sent as soon as it is ready. */
export function framesRoutes(app: App, parts: AppParts): void {
  app.post(
    '/frames',
    {
      schema: {
        summary: 'Many frames in one answer, each as soon as it is ready',
        body: FramesBody,
        querystring: Type.Object({ refresh: Type.Optional(Refresh) }),
        response: {
          200: {
            description: 'Parts, one a query: see docs/reference/http.md',
            content: {
              [FRAMES]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
            },
          },
        },
      },
      // A query that is wrong has a part of its own, and its sentence comes from checkQuery.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const queries = checkQueries(request.body);
      const refresh = takeRefresh(request.query);
      if (refresh === 'always') refuseReadOnly(parts.config, 'refresh a dataset');
      const coding = chooseCoding(
        request.headers['accept-encoding'],
        isLoopbackClient(request.raw),
      );
      reply.headers({ vary: 'Accept-Encoding', 'cache-control': 'no-store' }).type(FRAMES);
      if (coding !== 'identity') reply.header('content-encoding', coding);
      const startedAt = parts.now();
      const signal = withdrawnSignal(reply);
      const answers = asCompleted(queries, AT_ONCE, (query, index) =>
        partOf(parts, request, { query, refresh, index, startedAt, signal }),
      );
      return reply.send(Readable.from(sendParts(answers, coding, parts)));
    },
  );
}

interface PartAsk {
  query: unknown;
  refresh: Refresh | undefined;
  index: number;
  startedAt: number;
  signal: AbortSignal;
}

/** The frame of one query, or what is wrong with it: never a failure of the others. */
async function partOf(
  parts: AppParts,
  request: FastifyRequest,
  { query, refresh, index, startedAt, signal }: PartAsk,
): Promise<FramePart> {
  try {
    const asked = await takeFreshQuery(parts, query, refresh);
    const answered = await answerQuery(parts, asked, signal);
    return {
      index,
      status: 200,
      headers: {
        'content-type': ARROW_STREAM,
        ...(answered.outcome !== 'sample' && { etag: etagOf(asked, 'arrow') }),
        [SNAPSHOT_HEADER]: asked.snapshot.manifest.id,
        ...headersOfAnswer(answered, parts.now() - startedAt, asked.freshness),
      },
      body: asBuffer(answered.entry.frame.bytes),
    };
  } catch (error) {
    const { problem, headers } = problemOf(error, request, parts.report);
    return { index, status: problem.status, headers, body: Buffer.from(JSON.stringify(problem)) };
  }
}

function checkQueries(body: unknown): readonly unknown[] {
  const { queries, ...others } = Object(body) as { queries?: unknown };
  const [strange] = Object.keys(others);
  if (Array.isArray(body) || !Array.isArray(queries) || strange !== undefined) {
    const field = Array.isArray(queries) ? strange : 'queries';
    throw new HalftoneError(
      'QUERY_INVALID',
      Array.isArray(queries) && strange !== undefined
        ? `There is no field "${strange.slice(0, 80)}" here.`
        : `"queries" must be a list of queries, got ${shown(queries)}.`,
      { field, hint: 'The body is { "queries": [query, …] }.' },
    );
  }
  if (queries.length > MAX_QUERIES) {
    throw new HalftoneError(
      'LIMIT_EXCEEDED',
      `A request may hold ${MAX_QUERIES} queries, and this one has ${queries.length}.`,
      { field: 'queries', hint: 'Send the others in a request of their own.' },
    );
  }
  return queries;
}
