import type { AppendBase } from '../../append/append-base.js';
import { NotAnAppend } from '../../append/not-an-append.js';
import { readResume, type Resume } from '../../append/resume-file.js';
import type { Digits, PlannedColumn } from './column-plan.js';
import type { RowsBefore } from './rows-behind.js';

/** What an append needs to know of the rows before, beside what the encoder knows. */
export interface PostgresResume {
  /** The greatest value of the key, as the database writes it. */
  last: string | null;
  /** By column the values that are no numbers here. */
  notNumbers: number[];
}

/** A base with what its load has left. */
export type OpenedBase = PostgresResume & RowsBefore & Pick<Resume, 'encoding'>;

export async function openBase(base: AppendBase): Promise<OpenedBase> {
  const { encoding, source } = await readResume(base);
  return { ...(source as PostgresResume), encoding, rows: base.rows };
}

/** What numbers of unknown scale have been given so far; what has a type of its own is planned by that. */
export function digitsOf(columns: AppendBase['columns']): (Digits | undefined)[] {
  return columns.map(({ logical, info }) => {
    const found = /^DECIMAL\((\d+),(\d+)\)$/u.exec(info.type);
    if (logical.kind !== 'decimal' || found === null) return undefined;
    const [, precision, scale] = found.map(Number);
    return { whole: precision! - scale!, scale: scale! };
  });
}

/** Throws NotAnAppend where the columns are others than before. */
export function checkSameColumns(base: AppendBase, columns: readonly PlannedColumn[]): void {
  const before = base.columns.map(({ info }) => `${info.name} ${info.type}`);
  const now = columns.map(({ name, type }) => `${name} ${type}`);
  const other = now.findIndex((column, i) => column !== before[i]);
  if (other >= 0 || now.length !== before.length)
    throw new NotAnAppend(`its columns are others: ${now[other] ?? 'one is gone'}.`);
}
