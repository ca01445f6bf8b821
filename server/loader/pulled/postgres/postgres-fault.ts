import { HalftoneError } from '../../../errors.js';
import { networkFault } from '../network-fault.js';

/** Whom we talk to, for sentences. */
export interface Peer {
  /** `PostgreSQL at db.example.com:5432`. */
  who: string;
  user: string;
  database: string;
  /** Of the dataset. */
  name: string;
}

/**
 * What went wrong between us and a database, in one sentence without its password. `rows` had come when a COPY was under way, and
 * nothing of it stays.
 */
export function explainPostgres(error: unknown, peer: Peer, rows?: number): Error {
  if (error instanceof HalftoneError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const { who, user, database, name } = peer;
  const fault = (...[kind, text, hint]: [HalftoneError['code'], string, string?]): HalftoneError =>
    new HalftoneError(kind, text, { hint, cause: error });
  if (code === '57014') {
    return fault('LOAD_TIMEOUT', `${who} ended the query of "${name}": ${message}.`);
  }
  if (rows !== undefined && (code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('57P'))) {
    const why = code.startsWith('57P') ? ` (${message})` : '';
    return fault(
      'LOAD_INCOMPLETE',
      `The connection to ${who} was lost after ${rows} rows${why}.`,
      'Nothing was published. Try again.',
    );
  }
  if (code === '28P01')
    return fault('SOURCE_REFUSED', `${who} does not take the password of "${user}".`);
  if (/password must be a (?:non-empty )?string/u.test(message)) {
    return fault(
      'SOURCE_REFUSED',
      `${who} asks for the password of "${user}", and none is given.`,
      'Set PGPASSWORD, or password: "${env:…}" in the configuration.',
    );
  }
  if (code === '3D000') return fault('SOURCE_REFUSED', `${who} has no database "${database}".`);
  if (code.startsWith('28'))
    return fault('SOURCE_REFUSED', `${who} does not let "${user}" in: ${message}.`);
  if (code === '42501')
    return fault('SOURCE_REFUSED', `${who} does not allow the query of "${name}": ${message}.`);
  if (/^(?:57P|53|08)/u.test(code))
    return fault('SOURCE_UNREACHABLE', `${who} is not ready: ${message}.`);
  if (code === '25006') {
    return fault(
      'SQL_INVALID',
      `The query of "${name}" wants to write: ${message}.`,
      'It runs in a transaction that only reads.',
    );
  }
  if (/^[0-9A-Z]{5}$/u.test(code)) {
    return fault('SQL_INVALID', `The query of "${name}" cannot be run: ${message}.`);
  }
  const network = networkFault(who, error);
  if (network !== undefined) return fault('SOURCE_UNREACHABLE', network);
  if (/timeout expired/u.test(message))
    return fault('SOURCE_UNREACHABLE', `${who} does not answer.`);
  if (/does not support SSL/u.test(message)) {
    return fault(
      'SOURCE_UNREACHABLE',
      `${who} speaks no TLS.`,
      'Set sslmode=disable, if the network may be trusted.',
    );
  }
  if (!/^(?:Connection terminated|SASL)/u.test(message)) return error as Error;
  return fault('SOURCE_UNREACHABLE', `${who} has ended the connection: ${message}.`);
}
