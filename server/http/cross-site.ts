import type { IncomingHttpHeaders } from 'node:http';
import { HalftoneError } from '../errors.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a request that may change something and that a page of another site has sent, unless its origin is one of `allowed`. A
 * browser says so in `Sec-Fetch-Site`, an older one in `Origin`; a client that sends neither is no browser.
 */
export function refuseCrossSite(
  method: string,
  headers: IncomingHttpHeaders,
  allowed: readonly string[] = [],
): void {
  if (SAFE.has(method)) return;
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  if (origin !== undefined && allowed.includes(origin)) return;
  const foreign =
    site === undefined
      ? origin !== undefined && !isOwn(origin, host)
      : site !== 'same-origin' && site !== 'none';
  if (!foreign) return;
  throw new HalftoneError(
    'CROSS_SITE_REFUSED',
    `A ${method} request of another site (${origin ?? site}) is not accepted.`,
    {
      hint: 'Send it from a page of this server, name its origin in server.allowOrigins, or send it from a program that is not a browser.',
    },
  );
}

function isOwn(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === new URL(`http://${host ?? ''}`).host;
  } catch {
    return false;
  }
}
