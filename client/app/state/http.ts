import type { Problem } from '../../../protocol/problem.js';
import { API } from '../../../protocol/media.js';
import { ProblemError } from '../../data/ask.js';

/** Asks for the JSON at a path of the API, relative to its root. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return readAnswer<T>(await fetch(`${API}/${path}`, signal ? { signal } : {}));
}

/** Sends `body` as JSON, where there is one, and gives the answer. */
export async function sendJson<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = { method };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { 'content-type': 'application/json' };
  }
  return readAnswer<T>(await fetch(`${API}/${path}`, init));
}

/** The answer's body; one that reports an error is thrown as a `ProblemError`. */
async function readAnswer<T>(response: Response): Promise<T> {
  const body = parseJson(await response.text());
  if (!response.ok) throw problemOf(body, response.status);
  return body as T;
}

/** The problem that an answer of an error status tells, whatever its body is. */
export function problemOf(body: unknown, status: number): ProblemError {
  return new ProblemError({
    type: 'about:blank',
    title: 'Error',
    status,
    code: 'HTTP_ERROR',
    detail: `The server answered with the status ${status}.`,
    ...(body as Partial<Problem>),
  });
}

/** The JSON in `text`, or an empty object: a proxy in between may answer with anything. */
export function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return {};
  }
}

/** True for the end of a request that nobody waits for any more: never an error to show. */
export const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError';
