import { parseAccept } from './accept.js';

/** How the bytes of an answer may be coded. */
export const CODINGS = ['identity', 'br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/**
 * Chooses the coding for a client. To this machine bytes go as they are, because coding takes longer than the
 * loopback does, unless the client insists: it refuses identity, or asks for br or gzip without naming `deflate`,
 * which is what tells a hand-written header from the default list of a browser or an HTTP library.
 */
export function chooseCoding(header: string | undefined, isLoopback: boolean): Coding {
  const preferences = parseAccept(header);
  const weightOf = (name: string) => preferences.find((item) => item.name === name)?.weight;
  const any = weightOf('*');
  const refusesIdentity = (weightOf('identity') ?? any ?? 1) === 0;
  const insists = refusesIdentity || weightOf('deflate') === undefined;
  if (isLoopback && !insists) return 'identity';
  const br = weightOf('br') ?? any ?? 0;
  const gzip = weightOf('gzip') ?? weightOf('x-gzip') ?? any ?? 0;
  const identity = weightOf('identity') ?? 0;
  if (br === 0 && gzip === 0) return 'identity';
  if (Math.max(br, gzip) < identity) return 'identity';
  return br >= gzip ? 'br' : 'gzip';
}
