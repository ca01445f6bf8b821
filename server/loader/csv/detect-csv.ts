import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { CsvOptions } from '../source.js';
import { guessType, type ColumnRule } from './cell-type.js';
import { usableNames } from './column-names.js';
import { typeInWords } from './column-sql.js';
import { detectDialect, recordsOf, type SampleRecord } from './detect-dialect.js';
import { detectHeader } from './detect-header.js';
import { MAX_COLUMNS } from '../limits.js';
import type { CsvDialect } from './dialect.js';
import { encodingName } from './encoding.js';
import { nearest } from '../../nearest.js';
import { mixedDecimals, nearMiss } from './near-miss.js';
import { readSample, type TextSample } from './read-sample.js';
import { shortened } from '../shortened.js';

/** Everything that a sample of a CSV tells about how to read it. */
export interface CsvDetection {
  /** Base name, for sentences. */
  file: string;
  /** A WHATWG label. */
  encoding: string;
  gzip: boolean;
  dialect: CsvDialect;
  decimal: '.' | ',';
  header: boolean;
  columns: ColumnRule[];
  /** The first record behind header and preamble: its byte in the file as UTF-8, byte order mark included. */
  dataStart: number;
  /** Its 1-based line. */
  dataLine: number;
  /** Records in front of it as DuckDB counts them, a header of several lines as one; undefined where it may not see them as we do. */
  skip: number | undefined;
  warnings: Finding[];
}

/** Reads the start of the file, and for the types also places further down, and says how it is to be read. */
export function detectCsv(path: string, options: CsvOptions): CsvDetection {
  const sample = readSample(path, options.encoding);
  const seekable = !sample.complete && !sample.gzip && sample.encoding === 'utf-8';
  return describeSample(basename(path), sample, options, (dialect, width) =>
    seekable ? recordsElsewhere(path, dialect, width) : [],
  );
}

/** Some records are enough for names; there may be thousands of files to ask. */
const NAMES_BYTES = 16 * 1024;

/** The column names of a CSV, by its first lines alone. */
export function columnNamesOf(path: string, csv: CsvOptions): string[] {
  // Said types may be of columns that other files of the dataset have.
  const { types: _, ...options } = csv;
  const sample = readSample(path, options.encoding, NAMES_BYTES);
  return describeSample(basename(path), sample, options).columns.map(({ name }) => name);
}

/** `detectCsv` on a sample in memory. */
export function describeSample(
  file: string,
  sample: TextSample,
  options: CsvOptions,
  elsewhere: (dialect: CsvDialect, width: number) => SampleRecord[] = () => [],
): CsvDetection {
  const warnings: Finding[] = [];
  const note = (code: string, message: string, more: Partial<Finding> = {}): void => {
    warnings.push({ code, message: `${file}: ${message}`, file, ...more });
  };
  if (sample.encoding !== 'utf-8') {
    note('CSV_ENCODING', `read as ${encodingName(sample.encoding)} and converted to UTF-8.`);
  }
  // Excel says the delimiter in a line of its own.
  const excel = /^sep=([,;\t|])\r?\n/.exec(asText(sample.bytes.subarray(0, 16)));
  const skipped = excel?.[0].length ?? 0;
  const said = excel ? { delimiter: excel[1]!, ...options } : options;
  const body = sample.bytes.subarray(skipped);
  const { dialect, width: usual, records } = detectDialect(body, sample.complete, said);
  const { preamble, header } = detectHeader(records, usual, options.header);
  const table = records.slice(preamble);
  const names = header ? table[0]!.fields : [];
  const width = header && table.length === 1 ? names.length : usual;
  if (width > MAX_COLUMNS) throw tooWide(file, width);
  if (preamble > 0) {
    const what = preamble === 1 ? 'The first line is' : `The first ${preamble} lines are`;
    note('CSV_PREAMBLE', `${what} not part of the table and left out.`, { line: 1 });
  }
  // The data begin right behind the header, so that empty lines between them are counted too.
  const top = table[0];
  const start = top === undefined ? body.length : header ? top.next : top.start;
  const line = top === undefined ? 1 : header ? top.line + top.lines : top.line;
  const dataLine = line + (excel ? 1 : 0);
  const above = records.slice(0, preamble + (header ? 1 : 0));
  const within = above.reduce((lines, record) => lines + record.lines - 1, 0);

  const rows = table.slice(header ? 1 : 0);
  const usable = usableNames(headerFor(names, width, rows, note));
  for (const { position, from, to } of header ? usable.renamed : []) {
    const which =
      from === '' ? `column ${position + 1} has no name` : `the name "${from}" is used twice`;
    note('CSV_RENAMED', `${which}; it is called "${to}" here.`, { column: to, line: 1 });
  }
  const below = [...rows, ...elsewhere(dialect, width)];
  const data = below.filter(({ fields }) => fields.length === width);
  const decimal = options.decimal ?? guessDecimal(data, dialect);
  if (decimal === ',' && options.decimal === undefined) {
    note('CSV_DECIMAL', 'numbers are read with a decimal comma.');
  }
  for (const name of Object.keys(options.types ?? {})) {
    if (!usable.names.includes(name)) throw unknownColumn(file, name, usable.names);
  }
  /** Findings of a value tell its line, where it is one of those at the start of the file. */
  const noteAt =
    (position: number): Note =>
    (code, message, { value, ...more } = {}) => {
      const record = data.find(({ fields }) => fields[position]!.trim() === value);
      const isNear = record !== undefined && rows.includes(record);
      const at = isNear ? { line: record.line + (excel ? 1 : 0) } : {};
      note(code, message, {
        ...more,
        ...(value === undefined ? {} : { value: shortened(value) }),
        ...at,
      });
    };
  const columns = usable.names.map((name, i) =>
    ruleFor(
      name,
      data.map(({ fields }) => fields[i]!),
      decimal,
      options,
      noteAt(i),
    ),
  );
  return {
    file,
    encoding: sample.encoding,
    gzip: sample.gzip,
    dialect,
    decimal,
    header,
    columns,
    dataStart: (sample.encoding === 'utf-8' ? sample.bomBytes : 0) + skipped + start,
    dataLine,
    skip: above.some(({ odd }) => odd) ? undefined : dataLine - 1 - within,
    warnings,
  };
}

type Note = (code: string, message: string, more?: Partial<Finding>) => void;

/**
 * A name for each of the table's columns: a header that is one short names no row numbers, or has no delimiter at its end
 * where the records have one.
 */
function headerFor(
  names: readonly string[],
  width: number,
  rows: readonly SampleRecord[],
  note: Note,
): string[] {
  if (names.length === 0 || names.length === width) {
    return Array.from({ length: width }, (_, i) => names[i] ?? '');
  }
  note(
    'CSV_HEADER_WIDTH',
    `the header has ${names.length} names, most records have ${width} fields.`,
    { line: 1 },
  );
  const endsEmpty = rows.every(({ fields }) => fields.length < width || fields[width - 1] === '');
  if (names.length === width - 1 && !endsEmpty) return ['', ...names];
  return Array.from({ length: width }, (_, i) => names[i] ?? '');
}

function ruleFor(
  name: string,
  cells: readonly string[],
  decimal: '.' | ',',
  options: CsvOptions,
  note: Note,
): ColumnRule {
  const nulls = options.nulls ?? [];
  let longest = 0;
  const values: string[] = [];
  for (const cell of cells) {
    longest = Math.max(longest, cell.length);
    const value = cell.trim();
    if (value !== '' && !nulls.includes(cell)) values.push(value);
  }
  const type = options.types?.[name];
  if (type !== undefined) {
    const known = /^(text|string)$/i.test(type) ? 'VARCHAR' : type.toUpperCase();
    return { name, type: known, said: true, decimal, nulls, saidNulls: nulls, longest };
  }
  const guess = guessType(values, decimal);
  if (guess.padded !== undefined) {
    note(
      'CSV_LEADING_ZEROS',
      `column "${name}" is read as text: "${guess.padded}" would lose its leading zeros as a number.`,
      { column: name, value: guess.padded },
    );
  }
  if (guess.ambiguous !== undefined) {
    const order = guess.format!.startsWith('%m') ? 'month before day' : 'day before month';
    note(
      'CSV_DATE_ORDER',
      `column "${name}" is read with the ${order}; its values, as "${guess.ambiguous}", do not tell.`,
      { column: name, value: guess.ambiguous },
    );
  }
  if (guess.type === 'VARCHAR' && guess.padded === undefined) {
    noteMisfit(name, values, decimal, note);
  }
  const { thousands, format } = guess;
  return {
    name,
    type: guess.type,
    said: false,
    decimal: guess.decimal,
    nulls: [...nulls, ...guess.nulls],
    saidNulls: nulls,
    longest,
    ...(thousands === undefined ? {} : { thousands }),
    ...(format === undefined ? {} : { format }),
  };
}

/** Says why a column is text that people expect to be something else. */
function noteMisfit(name: string, values: readonly string[], decimal: '.' | ',', note: Note): void {
  const mixed = mixedDecimals(values);
  if (mixed !== undefined) {
    note(
      'CSV_DECIMAL',
      `column "${name}" is read as text: some of its numbers have a decimal point, as "${mixed.point}", others a comma, as "${mixed.comma}".`,
      { column: name, value: mixed.comma },
    );
    return;
  }
  const miss = nearMiss(values, decimal);
  if (miss === undefined) return;
  const { type, fits, misfit } = miss;
  note(
    'CSV_TYPE',
    `column "${name}" is read as text: "${shortened(misfit)}" is not ${typeInWords(type)}, as ${fits} of ${values.length} values looked at are. With types.${name}=${type} it becomes null.`,
    { column: name, value: misfit },
  );
}

/** A comma is the decimal sign where more cells need it than cells need the point. */
function guessDecimal(records: readonly SampleRecord[], dialect: CsvDialect): '.' | ',' {
  if (dialect.delimiter === ',') return '.';
  let comma = 0;
  let point = 0;
  for (const { fields } of records) {
    for (const cell of fields) {
      if (/^\s*[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+\s*$/.test(cell)) comma++;
      else if (/^\s*[+-]?\d*\.\d+\s*$/.test(cell)) point++;
    }
  }
  return comma > point ? ',' : '.';
}

const PLACES = 8;
const PLACE_BYTES = 16 * 1024;

/** Records from further down and from the end, so that a type is not guessed by the first rows alone. */
function recordsElsewhere(path: string, dialect: CsvDialect, width: number): SampleRecord[] {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const found: SampleRecord[] = [];
    const bytes = Buffer.alloc(PLACE_BYTES);
    for (let place = 1; place <= PLACES; place++) {
      const at = Math.floor(((size - PLACE_BYTES) * place) / PLACES);
      if (at <= 0) continue;
      const got = readSync(fd, bytes, 0, PLACE_BYTES, at);
      // The middle of a record, or of a quoted field: only records of the right width are taken.
      const from = Math.max(bytes.indexOf(10), 0) + 1;
      const records = recordsOf(bytes.subarray(from, got), at + got === size, dialect, Infinity);
      for (const each of records) if (each.fields.length === width && !each.odd) found.push(each);
    }
    return found;
  } finally {
    closeSync(fd);
  }
}

function tooWide(file: string, width: number): HalftoneError {
  return new HalftoneError(
    'SOURCE_TOO_WIDE',
    `${file} has ${width.toLocaleString('en')} columns; at most ${MAX_COLUMNS.toLocaleString('en')} can be loaded.`,
    { file, line: 1, hint: 'Keep the columns you need, or turn the table on its side.' },
  );
}

function unknownColumn(file: string, name: string, names: readonly string[]): HalftoneError {
  const near = nearest(name, names);
  return new HalftoneError('SOURCE_INVALID', `${file} has no column "${name}" to give a type.`, {
    file,
    column: name,
    hint:
      near === undefined
        ? `Its columns are ${names.slice(0, 8).join(', ')}.`
        : `Did you mean "${near}"?`,
  });
}

const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
