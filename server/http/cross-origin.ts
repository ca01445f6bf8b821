import cors from '@fastify/cors';
import { PLAN_HEADER, SNAPSHOT_HEADER } from '../../protocol/media.js';
import type { ServerConfig } from '../config.js';
import type { App } from '../routes/parts.js';

/** A browser asks again whether it may ask after a day; most forget sooner. */
const PREFLIGHT_SECONDS = 86_400;

/** What a page elsewhere may read of an answer, beside what every page may. */
const EXPOSED = [
  'age',
  'cache-status',
  'content-disposition',
  'etag',
  'location',
  'retry-after',
  'server-timing',
  PLAN_HEADER,
  SNAPSHOT_HEADER,
  'x-halftone-capped',
];

/**
 * Lets pages of the configured origins ask, and read the answers (CORS). Cookies are never taken from them: where a token is in force
 * they send it as a header. To be called before anything is refused, so that they can read refusals too.
 */
export async function allowOrigins(
  app: App,
  { allowOrigins: origins }: Pick<ServerConfig, 'allowOrigins'>,
): Promise<void> {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  await app.register(cors, {
    delegator: ({ headers: { origin } }, done) => {
      done(null, {
        origin: origin !== undefined && allowed.has(origin) ? origin : false,
        methods: ['GET', 'HEAD', 'POST', 'DELETE'],
        allowedHeaders: ['accept', 'authorization', 'content-type', 'last-event-id'],
        exposedHeaders: EXPOSED,
        maxAge: PREFLIGHT_SECONDS,
        strictPreflight: false,
      });
    },
  });
  // Routes name what their own answers vary by; who asks is one thing more.
  app.addHook('onSend', ({ headers: { origin } }, reply, _payload, done) => {
    const vary = String(reply.getHeader('vary') ?? '');
    if (!/\borigin\b/iu.test(vary))
      void reply.header('vary', vary === '' ? 'Origin' : `${vary}, Origin`);
    if (origin !== undefined && allowed.has(origin)) {
      void reply.headers({
        'timing-allow-origin': origin,
        'cross-origin-resource-policy': 'cross-origin',
      });
    }
    done();
  });
}
