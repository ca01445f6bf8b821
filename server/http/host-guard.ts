import { isIP } from 'node:net';
import { HalftoneError } from '../errors.js';
import { isLoopbackName } from './loopback.js';

/** The name in a Host header, lower-cased, without its port and the brackets of IPv6. */
export function hostName(header: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/u.exec(header.trim());
  return (match?.[1] ?? match?.[2] ?? header).toLowerCase().replace(/\.$/u, '');
}

/**
 * Refuses a request whose Host header is not a name of ours: a web page elsewhere whose name is made to
 * resolve to this machine (DNS rebinding) would else read everything. Where the server listens beyond the
 * loopback, an IP address is let through: it is no name that anyone could point elsewhere.
 */
export function createHostGuard(options: {
  host: string;
  allowHosts: readonly string[];
}): (header: string | undefined) => void {
  const allowed = new Set(options.allowHosts.map((name) => name.toLowerCase()));
  const listensWide = !isLoopbackName(hostName(options.host));
  if (listensWide) allowed.add(hostName(options.host));
  return (header) => {
    const name = hostName(header ?? '');
    if (isLoopbackName(name) || allowed.has(name)) return;
    if (listensWide && isIP(name) !== 0) return;
    throw new HalftoneError(
      'HOST_REFUSED',
      `This server does not answer to the host name "${name}".`,
      {
        hint: 'Start it with --allow-host NAME to add a name.',
      },
    );
  };
}
