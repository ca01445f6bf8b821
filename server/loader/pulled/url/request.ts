import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { HalftoneError } from '../../../errors.js';
import { publicUrl } from '../../public-options.js';
import { networkFault } from '../network-fault.js';

const MAX_REDIRECTS = 5;

export interface RequestOptions {
  /** Sent to the origin of the first address alone. */
  headers: Readonly<Record<string, string>>;
  /** Silence of this length, before the answer or in it, ends the request. */
  idleMs: number;
  signal: AbortSignal;
}

/** An answer whose headers have come; the body is still to be read. */
export interface Answer {
  /** The address that answered, after redirects. */
  url: URL;
  response: IncomingMessage;
}

/** Asks for an address and follows its redirects. Rejects with SOURCE_UNREACHABLE where nobody answers. */
export async function request(href: string, options: RequestOptions): Promise<Answer> {
  const first = new URL(href);
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const own = url.origin === first.origin ? { ...authorization(first), ...options.headers } : {};
    const response = await ask(url, { ...options, headers: { ...COMMON, ...own } });
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
      return { url, response };
    }
    response.destroy();
    url = nextUrl(headers.location, url);
  }
  throw new HalftoneError(
    'SOURCE_UNREACHABLE',
    `${publicUrl(href)} leads to another address more than ${MAX_REDIRECTS} times.`,
  );
}

const COMMON = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'halftone' };

/** What an address says of who asks; only the header may carry it on. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const who = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(who).toString('base64')}` };
}

function ask(url: URL, { headers, idleMs, signal }: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getHttps : getHttp;
    // Without the part before the host: Node would make a header of it, for every origin.
    const bare = Object.assign(new URL(url.href), { username: '', password: '' });
    let response: IncomingMessage | undefined;
    // Closed after the answer: this process asks once.
    const asked = get(bare, { headers, signal, timeout: idleMs, agent: false }, (found) => {
      response = found;
      resolve(found);
    });
    asked.once('timeout', () => (response ?? asked).destroy(silent(url, idleMs)));
    asked.once('error', (error) => reject(signal.aborted ? error : explain(url, error)));
  });
}

function silent(url: URL, idleMs: number): HalftoneError {
  return new HalftoneError(
    'SOURCE_UNREACHABLE',
    `${publicUrl(url.href)} was silent for ${idleMs / 1000} s.`,
  );
}

function explain(url: URL, error: Error): HalftoneError {
  if (error instanceof HalftoneError) return error;
  const fault = networkFault(url.host, error) ?? `${url.host} does not answer: ${error.message}.`;
  return new HalftoneError('SOURCE_UNREACHABLE', fault, { cause: error });
}

function nextUrl(location: string, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (url !== undefined && /^https?:$/u.test(url.protocol)) return url;
  throw new HalftoneError(
    'SOURCE_UNREACHABLE',
    `${publicUrl(from.href)} leads to an address that is neither http nor https.`,
  );
}
