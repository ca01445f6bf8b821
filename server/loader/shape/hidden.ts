import type { LoadReport } from '../../../protocol/dataset.js';
import { HalftoneError, type ErrorCode } from '../../errors.js';
import { nearest } from '../../nearest.js';
import type { DatasetSource } from '../source.js';

/** Faults whose sentences tell nothing of the rows. */
const HARMLESS: readonly ErrorCode[] = [
  'LOAD_OUT_OF_MEMORY',
  'LOAD_CANCELLED',
  'LOAD_TIMEOUT',
  'DISK_FULL',
  'SOURCE_CHANGED',
  'SOURCE_MISSING',
];

/** Tells whether a column is hidden. */
export function isHidden({ hide = [] }: Pick<DatasetSource, 'hide'>, column: string): boolean {
  return hide.includes(column);
}

/** Refuses to hide a column that the source does not have: a slip in the name would show the one that was meant. */
export function checkHidden(
  { name, hide = [] }: Pick<DatasetSource, 'name' | 'hide'>,
  columns: readonly string[],
): void {
  const missing = hide.find((column) => !columns.includes(column));
  if (missing === undefined) return;
  const near = nearest(missing, columns);
  throw new HalftoneError('SOURCE_INVALID', `"${name}" has no column "${missing}" to hide.`, {
    hint: near === undefined ? 'Names are compared letter by letter.' : `Did you mean "${near}"?`,
  });
}

/** A report without hidden columns, and without pieces of lines, which may hold values of them. */
export function discreetReport(
  report: Omit<LoadReport, 'elapsedMs'>,
  source: DatasetSource,
): Omit<LoadReport, 'elapsedMs'> {
  const hide = allHidden(source);
  if (hide.size === 0) return report;
  const clean = (findings: LoadReport['findings']): LoadReport['findings'] =>
    findings
      .filter(({ column }) => column === undefined || !hide.has(column))
      .map(({ value, ...finding }) =>
        value === undefined || finding.column === undefined ? finding : { ...finding, value },
      );
  return { ...report, warnings: clean(report.warnings), findings: clean(report.findings) };
}

/** An error without the words of a reader that may quote what it stumbled on. */
export function discreetError(error: unknown, source: DatasetSource): unknown {
  const hide = allHidden(source);
  if (hide.size === 0) return error;
  if (error instanceof HalftoneError) {
    const { cause, column } = error.details;
    const isOurs = cause === undefined || cause instanceof HalftoneError;
    if (HARMLESS.includes(error.code)) return error;
    if (isOurs && (column === undefined || !hide.has(column))) return error;
  }
  const code = error instanceof HalftoneError ? error.code : 'SOURCE_INVALID';
  const { file, line, hint } = error instanceof HalftoneError ? error.details : {};
  const where = line === undefined ? '' : ` at line ${line}`;
  return new HalftoneError(
    code,
    `"${source.name}" cannot be read${where}. What its reader said is not shown: it may quote hidden columns.`,
    { file, line, hint },
  );
}

function allHidden({ hide = [], sql }: DatasetSource): Set<string> {
  return new Set([...hide, ...(sql?.inputs ?? []).flatMap((input) => [...allHidden(input)])]);
}
