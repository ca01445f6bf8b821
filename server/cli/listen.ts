import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { HalftoneError } from '../errors.js';

/** Where the server listens when nobody says: not a port that a usual tool takes. */
export const DEFAULT_PORT = 8642;
const TRIES = 20;

/**
 * Listens and gives the port. A port that was asked for has to be free; from the default one on, the next free
 * one is taken.
 */
export async function listen(
  app: Pick<FastifyInstance, 'listen' | 'addresses'>,
  { host, port }: { host: string; port: number | undefined },
): Promise<number> {
  for (let i = 0; ; i++) {
    const tried = port ?? (i < TRIES ? DEFAULT_PORT + i : 0);
    try {
      await app.listen({ host, port: tried });
      return (app.addresses() as AddressInfo[])[0]!.port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port === undefined && tried !== 0) continue;
      throw explain(error as NodeJS.ErrnoException, host, tried);
    }
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const sentence: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use.`,
    EACCES: `Port ${port} needs more rights than this user has.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine.`,
    ENOTFOUND: `The host name ${host} is not known.`,
  };
  const message = sentence[error.code ?? ''];
  if (message === undefined) return error;
  return new HalftoneError('INTERNAL', message, {
    hint: 'Choose another with --port or --host; --port 0 takes any free port.',
    cause: error,
  });
}
