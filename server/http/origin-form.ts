import type { IncomingMessage } from 'node:http';

/**
 * The address of a request below its host. A request may name the whole address, as to a proxy (RFC 9112, 3.2.2): then
 * the host in it counts, and takes the place of the header's.
 */
export function originForm(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const { url = '/' } = request;
  const [, host, path = ''] = /^https?:\/\/([^/?#]*)(.*)$/iu.exec(url) ?? [];
  if (host === undefined) return url;
  request.headers.host = host;
  return path.startsWith('/') ? path : `/${path}`;
}
