import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { CsvLedger } from './ledger.js';

/** With `--strict`, refuses a file that records were set aside of. Empty lines hold nothing: they are set aside even where everything must be clean. */
export function refuseSetAside({ findings }: CsvLedger): void {
  const first = findings.find(({ code }) => code !== 'CSV_LINE_EMPTY');
  if (first) refuse(first);
}

/** With `--strict`, refuses values that do not fit their column. */
export function refuseMisfits(findings: readonly Finding[]): void {
  const first = findings[0];
  if (first) refuse(first);
}

function refuse({ message, file, line, column }: Finding): never {
  throw new HalftoneError('CSV_STRICT', message, {
    file,
    line,
    column,
    hint: 'Mend the file, or load it without --strict: what does not fit is then counted and listed.',
  });
}
