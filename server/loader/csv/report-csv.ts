import type { Finding, LoadReport } from '../../../protocol/dataset.js';
import { encodingName } from './encoding.js';
import type { Judgement } from './judge-columns.js';
import { MAX_FINDINGS, setAside, sumOf, type CsvLedger } from './ledger.js';
import type { CsvPart } from './prepare-part.js';

/** Small files without a last newline are written so; of long ones it is told, as copies that ended early look alike. */
const LONG_BYTES = 2 ** 20;

/** What the load did with every line of the files, and what a person should know of them. */
export function reportCsv(
  parts: readonly CsvPart[],
  ledgers: readonly CsvLedger[],
  judgement?: Judgement,
): Omit<LoadReport, 'elapsedMs'> {
  const findings = [
    ...ledgers.flatMap((ledger) => ledger.findings),
    ...(judgement?.findings ?? []),
  ];
  const { detection } = parts[0]!;
  const { delimiter, quote } = detection.dialect;
  const encodings = new Set(parts.map(({ encoding }) => encodingName(encoding)));
  return {
    lines: sumOf(ledgers, ({ records }) => records),
    rows: sumOf(ledgers, ({ rows }) => rows),
    setAside: sumOf(ledgers, setAside),
    nulled: judgement?.nulled ?? 0,
    encoding: [...encodings].join(', '),
    dialect: { delimiter, quote, decimal: detection.decimal, header: detection.header },
    warnings: [
      ...parts.flatMap((part) => part.detection.warnings),
      ...ledgers.flatMap((ledger, i) => ledgerWarnings(ledger, parts[i]!)),
      ...(judgement?.warnings ?? []),
    ],
    findings: findings.slice(0, MAX_FINDINGS),
  };
}

/** What a person should know of a file's structure, one sentence a kind. */
function ledgerWarnings(ledger: CsvLedger, { file, plainBytes }: CsvPart): Finding[] {
  const warnings: Finding[] = [];
  const note = (code: string, count: number, one: string, many: string): void => {
    if (count === 0) return;
    const line = ledger.findings.find((finding) => finding.code === code)?.line;
    const where = line === undefined ? '' : `, the first in line ${line}`;
    const what = `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
    warnings.push({
      code,
      message: `${file}: ${what}${where}.`,
      file,
      ...(line === undefined ? {} : { line }),
    });
  };
  note(
    'CSV_RAGGED',
    ledger.ragged,
    'line with too few or too many fields was set aside',
    'lines with too few or too many fields were set aside',
  );
  note(
    'CSV_QUOTE_BROKEN',
    ledger.broken,
    'line with a broken quote was set aside',
    'lines with a broken quote were set aside',
  );
  note('CSV_LINE_EMPTY', ledger.blank, 'empty line was set aside', 'empty lines were set aside');
  note(
    'CSV_QUOTE_STRAY',
    ledger.strayQuotes,
    'line has a quote inside an unquoted field',
    'lines have a quote inside an unquoted field',
  );
  note(
    'CSV_QUOTE_TEXT',
    ledger.afterQuotes,
    'line has text behind a closing quote',
    'lines have text behind a closing quote',
  );
  note('CSV_NUL', ledger.nuls, 'line holds NUL bytes', 'lines hold NUL bytes');
  if (ledger.cut || (ledger.unterminated && plainBytes >= LONG_BYTES)) {
    const how = ledger.cut
      ? 'the file is probably cut off'
      : 'if the file was cut off, its last value is not whole';
    const message = `${file}: the last line does not end with a newline; ${how}.`;
    warnings.push({ code: 'CSV_UNTERMINATED', message, file });
  }
  return warnings;
}
