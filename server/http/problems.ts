import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BODY } from '../../protocol/limits.js';
import { PROBLEM_JSON } from '../../protocol/media.js';
import { shown } from '../engine/check-schema.js';
import { HalftoneError, toProblem } from '../errors.js';
import { invalidField } from './invalid-field.js';

/** Answers an error with its problem document; what we did not expect goes to `report`, without the request's values. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  report: (error: unknown, where: string) => void,
): FastifyReply {
  const known = asHalftoneError(error, request);
  const problem = toProblem(known);
  if (problem.code === 'INTERNAL') {
    report(error, `${request.method} ${request.routeOptions.url ?? 'unknown route'}`);
  }
  if (problem.status === 503) reply.header('retry-after', retryAfter(known));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="halftone"');
  return reply
    .code(problem.status)
    .removeHeader('etag')
    .removeHeader('content-encoding')
    .removeHeader('content-disposition')
    .header('cache-control', 'no-store')
    .type(PROBLEM_JSON)
    .send(problem);
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
  if (error.name === 'AbortError') {
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
