import type { IncomingMessage } from 'node:http';

/** Tells whether an IP address is of this machine alone: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const bare = address.replace(/^::ffff:/iu, '');
  return bare === '::1' || /^127(\.\d{1,3}){3}$/u.test(bare);
}

/** Tells whether a host name can only mean this machine. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/**
 * Tells whether a request comes from this machine. A proxy on this machine makes strangers look local, so a request
 * that was forwarded is never taken for one.
 */
export function isLoopbackClient(request: IncomingMessage): boolean {
  const { headers } = request;
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'];
  return forwarded === undefined && isLoopbackAddress(request.socket.remoteAddress);
}
