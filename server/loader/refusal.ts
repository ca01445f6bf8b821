import { basename } from 'node:path';
import { HalftoneError, type ErrorCode } from '../errors.js';

/** DuckDB's words for faults that have a code of their own. */
const KNOWN: readonly (readonly [RegExp, ErrorCode, string | undefined])[] = [
  [
    /out of memory|failed to allocate|allocation fail|bad_alloc|could not allocate/i,
    'LOAD_OUT_OF_MEMORY',
    'Give the load more memory with --memory-limit.',
  ],
  [
    /no space left|disk full|max_temp_directory_size|disk quota|EFBIG|file too large/i,
    'DISK_FULL',
    'Free some space, or choose another place with --cache-dir.',
  ],
  [
    /is encrypted|encryption_config/i,
    'SOURCE_ENCRYPTED',
    'Decrypt it first: no key can be given here.',
  ],
];

/** True where DuckDB reports a fault of its own; its instance must not be used again. */
export function isInternal(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:INTERNAL|FATAL)|database has been invalidated/.test(error.message)
  );
}

/**
 * Turns what DuckDB says into one sentence that names the file, with a code. `code` is for what has no code of its own.
 */
export function toRefusal(error: unknown, code: ErrorCode, file?: string): HalftoneError {
  if (error instanceof HalftoneError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const name = file === undefined ? undefined : basename(file);
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  return new HalftoneError(
    known?.[1] ?? code,
    `${name === undefined ? 'The source' : name} cannot be read: ${tidy(message, file)}`,
    { file: name, hint: known?.[2], cause: error },
  );
}

/** The first line of a DuckDB message, without its class and without folders. */
function tidy(message: string, file: string | undefined): string {
  const [first = ''] = message.split(/\n|\s+LINE \d+:/);
  let text = first.replace(/^(?:[A-Z]\w*(?: [A-Z]\w*)* Error|INTERNAL|FATAL)(?: Error)?: /, '');
  if (text.startsWith('TProtocolException')) text = 'its Thrift metadata are damaged';
  if (file !== undefined) text = text.replaceAll(file, basename(file));
  text = text.replace(/^Out of Memory Error: /, '').trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
