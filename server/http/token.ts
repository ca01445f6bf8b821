import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The cookie that stands for the token in a browser. */
export const SESSION_COOKIE = 'halftone_session';
/** A one-time link that nobody opens stops working after a day. */
const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** Who may come in: the bearer of the token, or a browser that got its cookie by a one-time link. */
export interface Access {
  isAllowed(headers: IncomingHttpHeaders): boolean;
  /** Tells whether `token` is the token. */
  isToken(token: string): boolean;
  /** A code that works once, for the address `login?code=…`. */
  createCode(): string;
  /** Uses up a code. */
  redeem(code: string): boolean;
  /**
   * The value of the Set-Cookie header. The cookie holds no token, so reading it does not give the token away. `isSecure` keeps it to https.
   */
  cookie(path: string, isSecure?: boolean): string;
}

/** `now` gives milliseconds; the session outlives a restart, because it follows from the token alone. */
export function createAccess(token: string, now: () => number): Access {
  const session = createHmac('sha256', token).update('halftone session 1').digest('base64url');
  const codes = new Map<string, number>();
  return {
    isAllowed({ authorization, cookie }) {
      const bearer = /^Bearer +(\S.*)$/iu.exec(authorization ?? '')?.[1];
      if (bearer !== undefined) return isEqual(bearer.trim(), token);
      const shown = readCookie(cookie ?? '');
      return shown !== undefined && isEqual(shown, session);
    },
    isToken: (given) => isEqual(given, token),
    createCode() {
      const code = randomBytes(18).toString('base64url');
      codes.set(code, now() + LINK_LIFETIME_MS);
      return code;
    },
    redeem(code) {
      const expires = codes.get(code);
      codes.delete(code);
      return expires !== undefined && now() <= expires;
    },
    cookie: (path, isSecure = false) =>
      `${SESSION_COOKIE}=${session}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=31536000${isSecure ? '; Secure' : ''}`,
  };
}

// Hashing first makes the lengths equal, so that the comparison tells nothing by its time.
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readCookie(header: string): string | undefined {
  for (const part of header.split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name === SESSION_COOKIE) return value.join('=');
  }
  return undefined;
}
