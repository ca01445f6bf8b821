import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '../../protocol/limits.js';
import { HalftoneError } from '../errors.js';
import type { App, AppParts } from '../routes/parts.js';
import { refuseCrossSite } from './cross-site.js';
import { securityHeaders } from './headers.js';
import { createHostGuard } from './host-guard.js';
import { signInPage } from './sign-in-page.js';

/** A request with a body has to be sent within this time; uploads have theirs by never stalling. */
const BODY_TIMEOUT_MS = 30_000;

/** Looks at every request before anything else does: whom it names, where it comes from, who asks. */
export function guardRequests(app: App, { config, access, isClosing }: AppParts): void {
  const headers = securityHeaders(config);
  const checkHost = createHostGuard(config);
  const open = new Set(['healthz', 'readyz', 'login'].map((name) => config.basePath + name));

  app.addHook('onRequest', (request, reply, done) => {
    // Set first, so that refusals have them too, and a plugin may put its own policy in their place.
    void reply.headers(headers);
    if (isClosing()) void reply.header('connection', 'close');
    if (countHosts(request.raw) > 1) throw twoHosts();
    // What a proxy was asked for, where one is believed.
    const host = config.trustProxy ? request.host : request.headers.host;
    checkHost(host);
    refuseCrossSite(request.method, { ...request.headers, host }, config.allowOrigins);
    const path = request.url.split('?')[0]!;
    if (access !== undefined && !open.has(path) && !access.isAllowed(request.headers)) {
      // A person in front of a browser is helped by a page; every program gets the problem.
      if (request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate') {
        void reply
          .code(401)
          .headers({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="halftone"' })
          .type('text/html; charset=utf-8')
          .send(signInPage(config.basePath));
        return;
      }
      throw new HalftoneError(
        'TOKEN_REQUIRED',
        'This server answers only those who show its token.',
        {
          hint: 'Open the link that the server printed, or send "Authorization: Bearer TOKEN".',
        },
      );
    }
    if (request.routeOptions.bodyLimit <= MAX_BODY) limitBodyTime(request.raw);
    done();
  });
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host').length;
}

/** Whoever stands in between may have looked at the other one (RFC 9112, 3.2). */
function twoHosts(): HalftoneError {
  return new HalftoneError('QUERY_INVALID', 'The request names its host twice.');
}

/** Ends a connection whose request trickles in: each of them would hold a place for ever. */
function limitBodyTime(request: IncomingMessage): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (request.complete || (length === undefined && coding === undefined)) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, BODY_TIMEOUT_MS).unref();
  request.once('close', () => clearTimeout(timer));
}
