/** The media type of a frame: one Arrow IPC stream. */
export const ARROW_STREAM = 'application/vnd.apache.arrow.stream';
/** The media type of many frames in one answer: see docs/reference/http.md. */
export const FRAMES = 'application/vnd.halftone.frames';
/** The media type of an Arrow IPC file, as `export?format=arrow` gives it. */
export const ARROW_FILE = 'application/vnd.apache.arrow.file';
/** The media type of a Parquet file. */
export const PARQUET = 'application/vnd.apache.parquet';
/** The media type of an error's body (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json';

/** Where the API lives below the base path. */
export const API = 'api/v1';

/** The header that names the snapshot a frame was made from. */
export const SNAPSHOT_HEADER = 'x-halftone-snapshot';
/** The header that tells how a frame was computed. */
export const PLAN_HEADER = 'x-halftone-plan';

/**
 * Raised whenever any answer to any query may change. It is part of every cache key, of the ETag and of
 * immutable addresses (`&r=`), so that an upgrade never serves yesterday's arithmetic.
 */
export const FRAME_REVISION = 4;

/** The key of the frame's metadata in its Arrow schema. */
export const METADATA_KEY = 'halftone';
