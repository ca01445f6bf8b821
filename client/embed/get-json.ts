import type { Problem } from '../../protocol/problem.js';
import { ProblemError } from '../data/ask.js';

/** Asks for JSON; what the server refuses is thrown as a `ProblemError`. */
export async function getJson<T>(
  send: typeof fetch,
  address: string,
  signal?: AbortSignal,
): Promise<T> {
  const answer = await send(address, signal === undefined ? {} : { signal });
  const body = (await answer.json().catch(() => ({}))) as T | Partial<Problem>;
  if (answer.ok) return body as T;
  throw new ProblemError({
    type: 'about:blank',
    title: answer.statusText,
    status: answer.status,
    code: 'HTTP_ERROR',
    detail: `The server answered with the status ${answer.status}.`,
    ...(body as Partial<Problem>),
  });
}
