/** What the server is told once, at its start; frozen, handed to whoever needs it. */
export interface ServerConfig {
  /** The address that is listened on. */
  host: string;
  /** Begins and ends with a slash. */
  basePath: string;
  /** Host names that requests may name beside the loopback ones, without ports. */
  allowHosts: readonly string[];
  /** Origins whose pages may read the API. */
  allowOrigins: readonly string[];
  /** Origins that may embed a page in a frame, beside our own. */
  frameAncestors: readonly string[];
  /** Whether a proxy in front is believed what it says of the client in X-Forwarded-*. */
  trustProxy: boolean;
  /** With a token, every request but health checks has to show it. */
  token: string | undefined;
  /** Refuses whatever would change what is served or cached. */
  readOnly: boolean;
  /** The folder of the built client. */
  clientDir: string;
  /** Where uploaded files are kept. */
  uploadDir: string;
}

/** The defaults of a server for one person on one machine. */
export const DEFAULT_CONFIG: Omit<ServerConfig, 'clientDir' | 'uploadDir'> = {
  host: '127.0.0.1',
  basePath: '/',
  allowHosts: [],
  allowOrigins: [],
  frameAncestors: [],
  trustProxy: false,
  token: undefined,
  readOnly: false,
};

/**
 * Puts a base path into its one form: `viz` and `/viz/` are `/viz/`, nothing is `/`. Undefined for one that is not made
 * of unreserved characters (RFC 3986): others would have several spellings, or a meaning of their own to a router.
 */
export function normalizeBasePath(path: string): string | undefined {
  const inner = path.split('/').filter((part) => part !== '');
  if (!inner.every((part) => /^[\w.~-]+$/u.test(part) && !/^\.{1,2}$/u.test(part)))
    return undefined;
  return inner.length === 0 ? '/' : `/${inner.join('/')}/`;
}
