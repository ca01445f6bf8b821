import { connect as openSocket, type Socket } from 'node:net';
import type { Client } from 'pg';
import type { PostgresSource } from '../../source.js';
import { explainPostgres, type Peer } from './postgres-fault.js';

/** Time for the first connection. */
const CONNECT_MS = 10_000;
/** A server that does not hear of a cancellation in this time is hung up on. */
const CANCEL_MS = 1000;
/** How often a server that can looks whether we are still there, while a query has nothing to send. */
const CHECK_CONNECTION = '2s';

export interface Connection {
  client: Client;
  peer: Peer;
  /** Takes the bytes of the connection from the client, which hears no more of it. */
  takeOver(): { socket: Socket; chunks: AsyncIterator<Buffer> };
  /** Makes the server end the query that is under way. */
  cancel(): void;
  close(): void;
}

/** The message that ends a session. */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** Connects to a database and begins a transaction that only reads. Rejects with a sentence. */
export async function connectPostgres(
  source: PostgresSource,
  { name, deadlineMs, signal }: { name: string; deadlineMs: number; signal: AbortSignal },
): Promise<Connection> {
  const { default: pg } = await import('pg');
  const { connectMs = CONNECT_MS, url, query: _query, appendBy: _appendBy, ...given } = source;
  const client = new pg.Client({
    ...(url === undefined ? given : { connectionString: addressOf(url, given) }),
    connectionTimeoutMillis: connectMs,
    application_name: 'halftone',
    keepAlive: true,
  });
  const { host, port, user = '', database = '' } = client;
  const peer: Peer = { who: `PostgreSQL at ${host}:${port}`, user, database, name };
  // What befalls the connection is told by what waits for it.
  client.on('error', () => undefined);
  const hangUp = (): void => void socketOf(client).destroy();
  signal.addEventListener('abort', hangUp);
  try {
    await client.connect();
    const timeout = Math.min(2 ** 31 - 1, Math.ceil(deadlineMs));
    await client.query(
      `SET statement_timeout = ${timeout}; SET DateStyle = ISO; SET IntervalStyle = postgres; SET TimeZone = 'UTC'; SET client_encoding = UTF8`,
    );
    // Only some servers can.
    await client
      .query(`SET client_connection_check_interval = '${CHECK_CONNECTION}'`)
      .catch(() => undefined);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    hangUp();
    throw explainPostgres(error, peer);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
  return {
    client,
    peer,
    takeOver() {
      const socket = socketOf(client);
      // Before anything can come: what comes to a stream that flows to nobody is lost.
      socket.pause();
      socket.removeAllListeners('data');
      return { socket, chunks: socket[Symbol.asyncIterator]() as AsyncIterator<Buffer> };
    },
    cancel() {
      cancelQuery(client);
      setTimeout(hangUp, CANCEL_MS).unref();
    },
    close: () => void socketOf(client).end(TERMINATE),
  };
}

/** The connection under a client; with TLS it is another one after the handshake. */
function socketOf(client: Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** An address with those parts replaced that are given on their own. */
function addressOf(
  url: string,
  given: Omit<PostgresSource, 'query' | 'appendBy' | 'url' | 'connectMs'>,
): string {
  const address = new URL(url);
  const { host, port, user, password, database } = given;
  if (host !== undefined) address.hostname = host;
  if (port !== undefined) address.port = String(port);
  if (user !== undefined) address.username = encodeURIComponent(user);
  if (password !== undefined) address.password = encodeURIComponent(password);
  if (database !== undefined) address.pathname = encodeURIComponent(database);
  return address.href;
}

/**
 * Asks the server, over a connection of its own as it has to be, to end the query of a client:
 *   0: int32 16, the length
 *   4: int32 80877102, the request
 *   8: int32 process, 12: int32 its key
 */
function cancelQuery(client: Client): void {
  const { host, port, processID, secretKey } = client as Client & {
    processID: number;
    secretKey: number;
  };
  const message = Buffer.alloc(16);
  [16, 80_877_102, processID, secretKey].forEach((word, i) => message.writeInt32BE(word, i * 4));
  const socket = host.startsWith('/')
    ? openSocket(`${host}/.s.PGSQL.${port}`)
    : openSocket(port, host);
  socket.on('error', () => undefined);
  socket.end(message);
}
