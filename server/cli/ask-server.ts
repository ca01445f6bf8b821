import type { Problem } from '../../protocol/problem.js';
import { ERRORS, HalftoneError, type ErrorCode } from '../errors.js';

/** Asks the API of a server that runs, below `api/v1/`; gives its JSON, and throws its problems as they are. */
export type AskServer = <T>(path: string, request?: AskedRequest) => Promise<T>;

export interface AskedRequest {
  /** By default GET, and POST with a body. */
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
}

export interface AskServerOptions {
  /** Base path included. */
  server: string;
  token: string | undefined;
  /** What to do where nothing answers. */
  hint: string;
  stop: AbortSignal;
}

export function askServer({ server, token, hint, stop }: AskServerOptions): AskServer {
  const root = server.replace(/\/+$/u, '');
  return async <T>(path: string, { method, body }: AskedRequest = {}): Promise<T> => {
    let answer: Response;
    try {
      answer = await fetch(`${root}/api/v1/${path}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        signal: stop,
      });
    } catch (error) {
      throw new HalftoneError('INTERNAL', `Nothing answers at ${root}.`, { hint, cause: error });
    }
    const json = (await answer.json().catch(() => undefined)) as T | Problem | undefined;
    if (answer.ok && json !== undefined) return json as T;
    const problem = (json ?? {}) as Partial<Problem>;
    throw new HalftoneError(
      codeOf(problem) ?? 'INTERNAL',
      problem.detail ?? `${root} answered ${answer.status}.`,
      { hint: problem.hint },
    );
  };
}

/** The code of a problem, where it is one of ours: another version may have others. */
export function codeOf({ code }: Partial<Problem>): ErrorCode | undefined {
  return code !== undefined && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : undefined;
}
