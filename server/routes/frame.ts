import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  ARROW_STREAM,
  FRAME_REVISION,
  PLAN_HEADER,
  SNAPSHOT_HEADER,
} from '../../protocol/media.js';
import type { FramePlan } from '../../protocol/frame.js';
import { Query } from '../../protocol/query.js';
import { textFrame } from '../frames/text-frame.js';
import type { CachedFrame, CacheOutcome } from '../frames/frame-cache.js';
import { canonicalQuery, keyOf } from '../frames/query-key.js';
import { chooseMedia } from '../http/accept.js';
import { decodeJsonParameter } from '../http/base64url.js';
import { chooseCoding } from '../http/coding.js';
import { headerJson } from '../http/headers.js';
import { isLoopbackClient } from '../http/loopback.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { App, AppParts } from './parts.js';

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
});

/** Frames: the answer to one query, as Arrow, or capped as CSV or JSON for people. */
export function frameRoutes(app: App, parts: AppParts): void {
  app.post(
    '/frame',
    {
      schema: { summary: 'A frame', body: Query },
      // checkQuery names the field and the value better than a schema can.
      validatorCompiler: () => () => true,
    },
    async (request, reply) =>
      answerFrame(parts, request, reply, { query: request.body, isAddress: false }),
  );

  for (const suffix of ['', '.arrow', '.csv', '.json'] as const) {
    app.get(
      `/frame${suffix}`,
      { schema: { summary: 'A frame, by address', querystring: AddressQuery } },
      async (request, reply) => {
        const { q, r } = request.query;
        const query = decodeJsonParameter('q', q);
        const isCurrent = r === undefined || r === String(FRAME_REVISION);
        const format = suffix === '' ? undefined : (suffix.slice(1) as Format);
        return answerFrame(parts, request, reply, { query, isAddress: isCurrent, format });
      },
    );
  }
}

interface Ask {
  query: unknown;
  /** A GET, by an address that is good for the present revision. */
  isAddress: boolean;
  format?: Format | undefined;
}

async function answerFrame(
  parts: AppParts,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: Ask,
): Promise<FastifyReply> {
  const { catalog, frames, config, metrics, now } = parts;
  const startedAt = now();
  const query = parts.checkQuery(ask.query);
  const snapshot = catalog.snapshot(query.dataset, query.snapshot);
  const format =
    ask.format ?? FORMAT_OF.get(chooseMedia(request.headers.accept, [...FORMAT_OF.keys()]))!;
  const canonical = canonicalQuery(query);
  const key = keyOf(canonical);
  const etag = `W/"${snapshot.manifest.id}.${key}.${FRAME_REVISION}.${format}"`;
  const isImmutable = ask.isAddress && query.snapshot !== undefined;
  reply.headers({
    etag,
    vary: 'Accept, Accept-Encoding',
    'cache-control': [
      ...(config.token === undefined ? [] : ['private']),
      ...(isImmutable ? ['max-age=31536000', 'immutable'] : ['no-cache']),
    ].join(', '),
    [SNAPSHOT_HEADER]: snapshot.manifest.id,
  });
  // A frame is a pure function of what the ETag names: whoever has it needs no computing.
  if (request.method !== 'POST' && matchesEtag(request.headers['if-none-match'], etag)) {
    return reply.code(304).send();
  }

  const { entry, outcome } = await frames.get(snapshot, key, canonical, withdrawnSignal(reply));
  metrics.frames.inc({ outcome });
  const { queueMs, computeMs, encodeMs } = entry.frame.timing;
  if (outcome === 'miss') {
    const { mark } = query;
    metrics.frameSeconds.observe({ mark, stage: 'queue' }, queueMs / 1000);
    metrics.frameSeconds.observe({ mark, stage: 'compute' }, computeMs / 1000);
    metrics.frameSeconds.observe({ mark, stage: 'encode' }, encodeMs / 1000);
  }
  const { bytes, coding } = await answerBytes(parts, request, reply, entry, format);
  metrics.sentBytes.inc({ coding }, bytes.length);
  const spent = outcome === 'hit' ? { queueMs: 0, computeMs: 0, encodeMs: 0 } : entry.frame.timing;
  reply.headers({
    [PLAN_HEADER]: headerJson(outcome === 'hit' ? fromCache(entry.frame.plan) : entry.frame.plan),
    'cache-status': cacheStatus(outcome, key),
    'server-timing': serverTiming({ ...spent, totalMs: now() - startedAt }),
  });
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

/** A frame from the cache touches no row; how it was computed at first is told as its reason. */
function fromCache({ tier, reason }: FramePlan): FramePlan {
  return {
    tier: 'cache',
    reason: `kept from an equal query (${tier}: ${reason})`,
    rowsTouched: 0,
    bytesTouched: 0,
  };
}

function cacheStatus(outcome: CacheOutcome, key: string): string {
  const how = { hit: 'hit', miss: 'fwd=miss; stored', joined: 'fwd=miss; collapsed' }[outcome];
  return `Halftone; ${how}; key="${key}"`;
}

function serverTiming(
  spent: Record<'queueMs' | 'computeMs' | 'encodeMs' | 'totalMs', number>,
): string {
  return Object.entries(spent)
    .map(([name, ms]) => `${name.slice(0, -2)};dur=${ms.toFixed(2)}`)
    .join(', ');
}

/** Compares by the weak rule (RFC 9110, 8.8.3.2). `*` asks whether there is anything, which only computing tells. */
function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => {
    const one = item.trim();
    return one.replace(/^W\//u, '') === etag.replace(/^W\//u, '');
  });
}
