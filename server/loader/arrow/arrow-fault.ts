import { HalftoneError } from '../../errors.js';

/** Something in an Arrow file that cannot be so; who knows the file and the place says them. */
export class ArrowFault extends Error {
  /** Counted from the first row of what was read; absent where it is not one row's fault. */
  readonly row: number | undefined;

  constructor(message: string, row?: number) {
    super(message);
    this.name = 'ArrowFault';
    this.row = row;
  }
}

/** Thrown where a column of days holds a time of day: it is read again as times. */
export class NotDays extends Error {}

/** Refuses a file: `what` goes on after "cannot be read:", and ends without a full stop. */
export function corrupt(file: string, what: string, cause?: unknown): HalftoneError {
  return new HalftoneError('SOURCE_CORRUPT', `${file} cannot be read: ${what}.`, { file, cause });
}

/** Refuses a file that ends too early. */
export function truncated(file: string, what: string): HalftoneError {
  return new HalftoneError('SOURCE_TRUNCATED', `${file} is cut off: ${what}.`, {
    file,
    hint: 'Copy or write it again.',
  });
}

/**
 * Runs `read`, and turns what it throws into a refusal that names file and place. The package that decodes metadata throws
 * errors of many kinds at damaged ones; none of them says where.
 */
export function refusing<T>(file: string, place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isOurs(error) || isOutOfMemory(error)) throw error;
    if (!(error instanceof ArrowFault)) throw corrupt(file, `${place} cannot be made out`, error);
    const where = error.row === undefined ? place : `${place}, row ${error.row + 1}`;
    throw corrupt(file, `${where}: ${error.message}`);
  }
}

const isOurs = (error: unknown): boolean =>
  error instanceof HalftoneError || error instanceof NotDays;

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError && /allocation failed|array length/i.test(error.message);
