import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BODY } from '../../protocol/limits.js';
import { PROBLEM_JSON } from '../../protocol/media.js';
import type { Problem } from '../../protocol/problem.js';
import { shown } from '../engine/check-schema.js';
import { HalftoneError, toProblem } from '../errors.js';
import { invalidField } from './invalid-field.js';

/** Takes errors that are our own fault, without the request's values. */
export type Report = (error: unknown, where: string) => void;

/** An error as the document that is sent, and the headers that belong to it. */
export interface AnsweredProblem {
  problem: Problem;
  headers: Record<string, string>;
}

/** Answers an error with its problem document; what we did not expect goes to `report`. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
): FastifyReply {
  const { problem, headers } = problemOf(error, request, report);
  return reply
    .code(problem.status)
    .removeHeader('etag')
    .removeHeader('content-encoding')
    .removeHeader('content-disposition')
    .headers(headers)
    .send(problem);
}

/** Tells an error as its problem document; what we did not expect goes to `report`. */
export function problemOf(
  error: unknown,
  request: FastifyRequest,
  report: Report,
): AnsweredProblem {
  const known = asHalftoneError(error, request);
  const problem = toProblem(known);
  if (problem.code === 'INTERNAL') {
    report(error, `${request.method} ${request.routeOptions.url ?? 'unknown route'}`);
  }
  return {
    problem,
    headers: {
      'cache-control': 'no-store',
      'content-type': PROBLEM_JSON,
      ...(problem.status === 503 && { 'retry-after': String(retryAfter(known)) }),
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer realm="halftone"' }),
    },
  };
}

/** Tells Fastify's own errors in our words. */
function asHalftoneError(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof HalftoneError || !(error instanceof Error)) return error;
  const { code, validation, statusCode } = error as Partial<FastifyError>;
  if (validation?.[0] !== undefined) return invalidField(error as FastifyError, request);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new HalftoneError('BODY_TOO_LARGE', `The body is larger than ${MAX_BODY} bytes.`, {
      hint: 'Use fewer or shorter filter values.',
    });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const type = request.headers['content-type'] ?? '';
    return new HalftoneError(
      'MEDIA_TYPE_UNSUPPORTED',
      `A body of type "${type}" is not understood.`,
      {
        hint: 'Send application/json.',
      },
    );
  }
  if (code === 'FST_ERR_BAD_URL') {
    return new HalftoneError(
      'QUERY_INVALID',
      `The address ${shown(request.url)} cannot be decoded.`,
      { hint: 'Percent-encode it as UTF-8; a percent sign itself is %25.' },
    );
  }
  // The second comes where a stream was to be the answer, and the client has gone before its first byte.
  if (error.name === 'AbortError' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new HalftoneError('CANCELLED', 'The request was withdrawn.');
  }
  // What is served of the disk refuses steps out of its folder, and null bytes, in words of its own.
  if (/^(?:GET|HEAD)$/u.test(request.method) && (statusCode === 400 || statusCode === 403)) {
    return new HalftoneError('ROUTE_UNKNOWN', `There is nothing at ${shown(request.url)}.`);
  }
  if (error instanceof SyntaxError || (statusCode !== undefined && statusCode < 500)) {
    return new HalftoneError(
      'QUERY_INVALID',
      `The request cannot be read: ${error.message}.`.replace('..', '.'),
      {
        hint: 'The body has to be one JSON object.',
      },
    );
  }
  return error;
}

function retryAfter(error: unknown): number {
  const left = error instanceof HalftoneError ? error.details.progress?.secondsLeft : undefined;
  return Math.min(60, Math.max(1, Math.ceil(left ?? 1)));
}
