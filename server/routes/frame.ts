import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ARROW_STREAM, FRAME_REVISION, SNAPSHOT_HEADER } from '../../protocol/media.js';
import { Query } from '../../protocol/query.js';
import { answerQuery, etagOf, headersOfAnswer, takeFreshQuery } from '../frames/answer-query.js';
import { Refresh, takeRefresh } from '../frames/freshen.js';
import type { CachedFrame } from '../frames/frame-cache.js';
import { textFrame } from '../frames/text-frame.js';
import { chooseMedia } from '../http/accept.js';
import { decodeJsonParameter } from '../http/base64url.js';
import { chooseCoding } from '../http/coding.js';
import { isLoopbackClient } from '../http/loopback.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { App, AppParts } from './parts.js';
import { refuseReadOnly } from './read-only.js';

type Format = 'arrow' | 'csv' | 'json';
const MEDIA = { arrow: ARROW_STREAM, json: 'application/json', csv: 'text/csv' } as const;
const FORMAT_OF = new Map<string, Format>(
  Object.entries(MEDIA).map(([format, media]) => [media, format as Format]),
);

const AddressQuery = Type.Object({
  q: Type.String({ description: "base64url of the query's JSON", minLength: 1 }),
  r: Type.Optional(
    Type.String({ description: 'the frame revision that the address was made for' }),
  ),
  refresh: Type.Optional(Refresh),
});

/** Frames: the answer to one query, as Arrow, or capped as CSV or JSON for people. */
export function frameRoutes(app: App, parts: AppParts): void {
  for (const suffix of ['', '.arrow', '.csv', '.json'] as const) {
    const format = suffix === '' ? undefined : (suffix.slice(1) as Format);
    app.post(
      `/frame${suffix}`,
      {
        schema: {
          summary: 'A frame',
          body: Query,
          querystring: Type.Object({ refresh: Type.Optional(Refresh) }),
        },
        // checkQuery names the field and the value better than a schema can.
        validatorCompiler: () => () => true,
      },
      async (request, reply) => {
        const refresh = takeRefresh(request.query);
        const query = request.body;
        return answerFrame(parts, request, reply, { query, isAddress: false, format, refresh });
      },
    );
    app.get(
      `/frame${suffix}`,
      { schema: { summary: 'A frame, by address', querystring: AddressQuery } },
      async (request, reply) => {
        const { q, r, refresh } = request.query;
        const query = decodeJsonParameter('q', q);
        const isCurrent = r === undefined || r === String(FRAME_REVISION);
        return answerFrame(parts, request, reply, { query, isAddress: isCurrent, format, refresh });
      },
    );
  }
}

interface Ask {
  query: unknown;
  /** A GET, by an address that is good for the present revision. */
  isAddress: boolean;
  format?: Format | undefined;
  refresh?: Refresh | undefined;
}

async function answerFrame(
  parts: AppParts,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: Ask,
): Promise<FastifyReply> {
  const { config, metrics, now } = parts;
  const startedAt = now();
  if (ask.refresh === 'always') refuseReadOnly(config, 'refresh a dataset');
  const asked = await takeFreshQuery(parts, ask.query, ask.refresh);
  const format =
    ask.format ?? FORMAT_OF.get(chooseMedia(request.headers.accept, [...FORMAT_OF.keys()]))!;
  const etag = etagOf(asked, format);
  const isImmutable = ask.isAddress && asked.query.snapshot !== undefined;
  const keeping = [
    ...(config.token === undefined ? [] : ['private']),
    ...(isImmutable ? ['max-age=31536000', 'immutable'] : ['no-cache']),
  ].join(', ');
  reply.headers({
    etag,
    vary: 'Accept, Accept-Encoding',
    'cache-control': keeping,
    [SNAPSHOT_HEADER]: asked.snapshot.manifest.id,
  });
  // A frame is a pure function of what the ETag names: whoever has it needs no computing.
  if (request.method !== 'POST' && matchesEtag(request.headers['if-none-match'], etag)) {
    return reply.code(304).send();
  }

  const answered = await answerQuery(parts, asked, withdrawnSignal(reply));
  // A sample answers once: the exact frame has the name.
  if (answered.outcome === 'sample') {
    reply.removeHeader('etag').header('cache-control', 'no-store');
  }
  const { bytes, coding } = await answerBytes(parts, request, reply, answered.entry, format);
  metrics.sentBytes.inc({ coding }, bytes.length);
  reply.headers(headersOfAnswer(answered, now() - startedAt, asked.freshness));
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : MEDIA[format]).send(bytes);
}

async function answerBytes(
  { frames, writeText }: AppParts,
  request: FastifyRequest,
  reply: FastifyReply,
  entry: CachedFrame,
  format: Format,
) {
  if (format !== 'arrow') {
    const { bytes, rows, of } = await textFrame(entry.frame, format, writeText);
    if (rows < of) reply.header('x-halftone-capped', `rows=${rows}; of=${of}`);
    return { bytes, coding: 'identity' as const };
  }
  const wanted = chooseCoding(request.headers['accept-encoding'], isLoopbackClient(request.raw));
  return frames.bytes(entry, wanted);
}

/** Compares by the weak rule (RFC 9110, 8.8.3.2). `*` asks whether there is anything, which only computing tells. */
function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => {
    const one = item.trim();
    return one.replace(/^W\//u, '') === etag.replace(/^W\//u, '');
  });
}
