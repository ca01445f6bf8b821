import { HalftoneError } from '../errors.js';

/** Reads the JSON in a base64url parameter; throws QUERY_INVALID with what is wrong. */
export function decodeJsonParameter(name: string, value: string): unknown {
  const bad = (what: string) =>
    new HalftoneError(
      'QUERY_INVALID',
      `The parameter ${name} is not ${what}: "${shorten(value)}".`,
      {
        field: name,
        hint: `${name} is the base64url of the query's JSON.`,
      },
    );
  // Buffer.from skips what it does not know; a cut or garbled address shall not pass for another query.
  if (!/^[\w-]+={0,2}$/u.test(value)) throw bad('base64url');
  const text = Buffer.from(value, 'base64url').toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw bad('base64url of JSON');
  }
}

/** The beginning of a text that is too long for a sentence. */
export function shorten(text: string, length = 60): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
