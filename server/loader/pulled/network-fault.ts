/** What the codes of failed connections mean, as the end of a sentence that begins with whom one wanted to reach. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: nothing listens there',
  ENOTFOUND: 'is no host that anybody knows',
  EAI_AGAIN: 'cannot be looked up now: the name service does not answer',
  ETIMEDOUT: 'does not answer',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  EACCES: 'cannot be reached: the system does not allow it',
  EPROTO: 'does not speak TLS there',
};

/** `nobody.example is no host that anybody knows`, or undefined where the error is none of a connection. */
export function networkFault(who: string, error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return undefined;
  const meaning = MEANINGS[code];
  if (meaning !== undefined) return `${who} ${meaning}.`;
  if (/CERT|SIGNED|ALTNAME|ISSUER/u.test(code)) {
    return `${who} shows a certificate that is not trusted: ${message}.`;
  }
  return /^ERR_(?:SSL|TLS)/u.test(code) ? `${who} does not speak TLS there.` : undefined;
}
