import type { Problem } from '../protocol/problem.js';
import type { Progress } from '../protocol/progress.js';

/** Everything a caller can get wrong, or a source, or the machine: code, title, HTTP status. */
export const ERRORS = {
  // The query
  QUERY_INVALID: { status: 400, title: 'The query is not valid' },
  COLUMN_UNKNOWN: { status: 400, title: 'Unknown column' },
  TYPE_MISMATCH: { status: 400, title: 'A type that does not fit' },
  LIMIT_EXCEEDED: { status: 400, title: 'Over a limit' },
  BODY_TOO_LARGE: { status: 413, title: 'Request body too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'Unsupported kind of body' },
  // The request
  HEADERS_TOO_LARGE: { status: 431, title: 'Address and headers too long' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request came too slowly' },
  // What is asked for
  ROUTE_UNKNOWN: { status: 404, title: 'No such address' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  DATASET_UNKNOWN: { status: 404, title: 'Unknown dataset' },
  DASHBOARD_UNKNOWN: { status: 404, title: 'Unknown dashboard' },
  DATASET_LOADING: { status: 503, title: 'The dataset is still being loaded' },
  DATASET_FAILED: { status: 409, title: 'The dataset could not be loaded' },
  DATASET_EXISTS: { status: 409, title: 'The name is taken' },
  SNAPSHOT_GONE: { status: 410, title: 'The snapshot is gone' },
  ROW_UNKNOWN: { status: 404, title: 'No such row' },
  RUN_UNKNOWN: { status: 404, title: 'Unknown run' },
  SCHEDULE_UNKNOWN: { status: 404, title: 'No schedule' },
  RUN_INTERRUPTED: { status: 500, title: 'The run was interrupted' },
  RUN_SKIPPED: { status: 409, title: 'The run was skipped' },
  // Who asks
  TOKEN_REQUIRED: { status: 401, title: 'A token is required' },
  HOST_REFUSED: { status: 421, title: 'Unknown host name' },
  CROSS_SITE_REFUSED: { status: 403, title: 'Request from another site' },
  READ_ONLY: { status: 403, title: 'The server is read-only' },
  LOOPBACK_ONLY: { status: 403, title: 'Only from this machine' },
  // The source
  SOURCE_MISSING: { status: 422, title: 'The file is missing' },
  SOURCE_UNREADABLE: { status: 422, title: 'The file cannot be read' },
  SOURCE_EMPTY: { status: 422, title: 'The file is empty' },
  SOURCE_KIND_UNKNOWN: { status: 422, title: 'The kind of file is not known' },
  SOURCE_TRUNCATED: { status: 422, title: 'The file is cut off' },
  SOURCE_CORRUPT: { status: 422, title: 'The file is damaged' },
  SOURCE_ENCRYPTED: { status: 422, title: 'The file is encrypted' },
  SOURCE_TOO_WIDE: { status: 422, title: 'Too many columns' },
  SOURCE_NO_DATA: { status: 422, title: 'The folder holds no data' },
  SOURCE_CHANGED: { status: 422, title: 'The file changed while it was read' },
  SOURCE_INVALID: { status: 422, title: 'The file cannot be loaded' },
  SOURCE_TOO_LARGE: { status: 422, title: 'More data than allowed' },
  SOURCE_UNREACHABLE: { status: 422, title: 'The source does not answer' },
  SOURCE_REFUSED: { status: 422, title: 'The source refused' },
  COMMAND_FAILED: { status: 422, title: 'The command failed' },
  SQL_INVALID: { status: 422, title: 'The SQL cannot be run' },
  CSV_QUOTE_OPEN: { status: 422, title: 'A quote is never closed' },
  CSV_STRICT: { status: 422, title: 'The file is not clean' },
  LOAD_OUT_OF_MEMORY: { status: 422, title: 'The load ran out of memory' },
  LOAD_TIMEOUT: { status: 422, title: 'The load took too long' },
  REFRESH_REFUSED: { status: 422, title: 'The new version was refused' },
  LOAD_CANCELLED: { status: 409, title: 'The load was cancelled' },
  VERIFY_UNSUPPORTED: { status: 422, title: 'Not to be verified' },
  LOAD_INCOMPLETE: { status: 422, title: 'The load ended early' },
  // The machine
  CACHE_DAMAGED: { status: 500, title: 'The cache is damaged' },
  CACHE_LOCKED: { status: 409, title: 'The cache folder is in use' },
  CACHE_UNWRITABLE: { status: 507, title: 'The cache folder cannot be written' },
  DISK_FULL: { status: 507, title: 'The disk is full' },
  MEMORY_EXHAUSTED: { status: 507, title: 'Over the memory budget' },
  OVERLOADED: { status: 503, title: 'Too many requests at once' },
  CANCELLED: { status: 499, title: 'The request was withdrawn' },
  CONFIG_INVALID: { status: 400, title: 'The configuration is not valid' },
  INTERNAL: { status: 500, title: 'An error of our own' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What an error can tell beside its sentence. */
export interface ErrorDetails {
  hint?: string | undefined;
  /** The field of the query: `filters[2].values`. */
  field?: string | undefined;
  file?: string | undefined;
  /** 1-based line of the file. */
  line?: number | undefined;
  column?: string | undefined;
  /** How far the load has come that the request has to wait for. */
  progress?: Progress | undefined;
  cause?: unknown;
}

/** An error with a code that callers may rely on; its message is one sentence that shows the offending value. */
export class HalftoneError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'HalftoneError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A sentence that quotes a name of a megabyte is cut: its reader knows the name. */
const MAX_DETAIL = 1000;

const shorten = (text: string): string =>
  text.length <= MAX_DETAIL ? text : `${text.slice(0, MAX_DETAIL - 1)}…`;

/** The RFC 9457 body of an error. What is not a HalftoneError is told as INTERNAL, without its inner words. */
export function toProblem(error: unknown): Problem {
  const known =
    error instanceof HalftoneError
      ? error
      : new HalftoneError('INTERNAL', 'Something went wrong here, not in the request.', {
          hint: 'The log of the server tells more.',
        });
  const { hint, field, file, line, column, progress } = known.details;
  const { status, title } = ERRORS[known.code];
  return {
    type: `urn:halftone:error:${known.code}`,
    title,
    status,
    detail: shorten(known.message),
    code: known.code,
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { field }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(progress === undefined ? {} : { progress }),
  };
}
