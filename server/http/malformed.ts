import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_JSON } from '../../protocol/media.js';
import { HalftoneError, toProblem } from '../errors.js';

/** Answers what never became a request, on the bare socket, and ends the connection. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(explain(error));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function explain({ code, message }: Error & { code?: string }): HalftoneError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HalftoneError('HEADERS_TOO_LARGE', 'The address and headers are too long.', {
      hint: 'Send a long query as the body of POST api/v1/frame.',
    });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HalftoneError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
  }
  return new HalftoneError('QUERY_INVALID', `This is not an HTTP request: ${message}.`);
}
