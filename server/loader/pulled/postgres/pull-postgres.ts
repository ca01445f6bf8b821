import type { Client, FieldDef } from 'pg';
import type { Finding } from '../../../../protocol/dataset.js';
import { HalftoneError } from '../../../errors.js';
import { NotAnAppend } from '../../append/not-an-append.js';
import { resumedEncoding, writeResume } from '../../append/resume-file.js';
import type { LoadOutcome, PullContext } from '../../context.js';
import { MAX_COLUMNS } from '../../limits.js';
import { writeSegments } from '../../write-segments.js';
import { planColumns, selectOf, type Digits, type PlannedColumn } from './column-plan.js';
import { connectPostgres, type Connection } from './connect.js';
import { CopyOut } from './copy-out.js';
import { explainPostgres } from './postgres-fault.js';
import {
  checkSameColumns,
  digitsOf,
  openBase,
  type OpenedBase,
  type PostgresResume,
} from './resume-postgres.js';
import { rowsBehind } from './rows-behind.js';
import { shapeSelect } from './shape-select.js';
import { Misfit, stageRows } from './stage-rows.js';
import { TupleSlice } from './tuple-slice.js';

/** What the encoder takes its measure from: nothing else grows with the result. */
const ENCODER_BYTES = 2 ** 30;
const ENCODER_SHARE = 0.55;
/** The first number of a type that was made in a database, as enumerations are. */
const FIRST_OWN_TYPE = 16_384;
/** A query whose numbers need more digits each time it is run has them as text. */
const MAX_COPIES = 4;

/**
 * Loads what a query to PostgreSQL gives. It comes as a binary COPY, row by row, and is held nowhere. With a base, what came
 * behind it; undefined where nothing did.
 */
export async function pullPostgres(context: PullContext): Promise<LoadOutcome | undefined> {
  const { base, onNote } = context;
  try {
    return await pullOnce(context);
  } catch (error) {
    if (!(error instanceof NotAnAppend) || base === undefined) throw error;
    onNote?.(`The source was read whole: ${error.message}`);
    return pullOnce({ ...context, base: undefined });
  }
}

async function pullOnce(context: PullContext): Promise<LoadOutcome | undefined> {
  const { source, signal, deadlineMs } = context;
  const { name, postgres } = source;
  let connection: Connection | undefined;
  const stop = (): void => connection?.cancel();
  signal.addEventListener('abort', stop);
  try {
    connection = await connectPostgres(postgres!, { name, deadlineMs, signal });
    signal.throwIfAborted();
    return await pull(connection, context);
  } catch (error) {
    if (signal.aborted) throw new HalftoneError('LOAD_CANCELLED', 'The load was cancelled.');
    if (connection === undefined || error instanceof NotAnAppend) throw error;
    throw explainPostgres(error, connection.peer);
  } finally {
    signal.removeEventListener('abort', stop);
    connection?.close();
  }
}

async function pull(
  connection: Connection,
  context: PullContext,
): Promise<LoadOutcome | undefined> {
  const { client, peer } = connection;
  const { source, base } = context;
  const { query: written, appendBy } = source.postgres!;
  const whole = written.replace(/[\s;]+$/u, '');
  const given = await fieldsOf(whole, client);
  refuseWide(given.length, source.name);
  const before = base === undefined ? undefined : await openBase(base);
  const keyed = { query: whole, dataset: source.name, names: given.map(({ name }) => name) };
  const { query, last } =
    appendBy === undefined
      ? { query: whole, last: null }
      : await rowsBehind(client, { ...keyed, key: appendBy }, before);
  if (before !== undefined && before.last === last) return undefined;
  const { sql, names, isChanged } = shapeSelect(query, given, source);
  const shaped = isChanged ? await fieldsOf(sql, client) : given;
  const fields = shaped.map((field, i) => ({ ...field, name: names[i]! }));
  const enums = await enumsAmong(fields, client);
  const { socket, chunks } = connection.takeOver();
  let digits = base === undefined ? [] : digitsOf(base.columns);
  for (let copies = 1; ; copies++) {
    if (copies > MAX_COPIES) digits = digits.map((one) => one && { whole: Infinity, scale: 0 });
    const columns = planColumns(fields, enums, digits);
    const rows = new CopyOut(socket, chunks, selectOf(sql, columns));
    try {
      const fitting =
        copies > 1 || base !== undefined
          ? columns
          : await fitToFirst(rows, columns, (found) => planColumns(fields, enums, found));
      return await load(rows, fitting, context, { last, before });
    } catch (error) {
      if (error instanceof NotAnAppend) throw error;
      if (error instanceof Misfit && base !== undefined)
        throw new NotAnAppend('a number needs more digits than all before.');
      if (!(error instanceof Misfit)) throw explainPostgres(error, peer, rows.rows);
      ({ digits } = error);
    }
  }
}

/** Plans numbers of unknown scale by the first rows: most have the same all over. */
async function fitToFirst(
  rows: CopyOut,
  columns: readonly PlannedColumn[],
  plan: (digits: readonly (Digits | undefined)[]) => PlannedColumn[],
): Promise<readonly PlannedColumn[]> {
  if (!columns.some(({ isOpen }) => isOpen)) return columns;
  const first = new TupleSlice(columns);
  await rows.peek((bytes, from, end) => first.measure(bytes, from, end));
  const fitting = plan(first.digits);
  if (!fitting.some(({ asText }, i) => asText !== columns[i]!.asText)) return fitting;
  // Too many digits for a number: the database has to be asked for text.
  await rows.read((bytes, from, end) => {
    first.measure(bytes, from, end);
    return undefined;
  });
  throw new Misfit(first.digits);
}

async function load(
  rows: CopyOut,
  columns: readonly PlannedColumn[],
  context: PullContext,
  { last, before }: { last: string | null; before: OpenedBase | undefined },
): Promise<LoadOutcome> {
  const { dir, memoryBytes, signal, base, isResumable = false } = context;
  if (base !== undefined) checkSameColumns(base, columns);
  const slice = new TupleSlice(columns);
  const written = await writeSegments({
    dir,
    columns,
    memoryBytes: Math.min(ENCODER_BYTES, memoryBytes * ENCODER_SHARE),
    signal,
    resumed: before && (await resumedEncoding(base!, before)),
    fill: (encoder) =>
      stageRows(rows, slice, encoder, () =>
        context.onProgress({ stage: 'reading', rows: rows.rows, bytes: rows.bytes }),
      ),
  });
  const notNumbers = columns.map((_, i) => (before?.notNumbers[i] ?? 0) + slice.nulled[i]!);
  const total = (base?.rows ?? 0) + written.rows;
  const known = { last, notNumbers } satisfies PostgresResume;
  return {
    rows: total,
    columns: written.columns,
    segments: written.segments,
    isAppend: base !== undefined,
    resume: isResumable
      ? await writeResume(dir, { encoding: written.encoding, source: known })
      : undefined,
    report: {
      lines: total,
      rows: total,
      setAside: 0,
      nulled: written.nulled + notNumbers.reduce((sum, count) => sum + count, 0),
      warnings: [
        ...notNumbers.flatMap((count, i) => notANumber(columns[i]!.name, count)),
        ...written.warnings,
      ],
      findings: [],
    },
  };
}

async function fieldsOf(query: string, client: Client): Promise<FieldDef[]> {
  return (await client.query(`SELECT * FROM (${query}\n) AS source LIMIT 0`)).fields;
}

/** Which of the types of a result are enumerations: their values come as text. */
async function enumsAmong(fields: readonly FieldDef[], client: Client): Promise<Set<number>> {
  const own = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))].filter(
    (id) => id >= FIRST_OWN_TYPE,
  );
  if (own.length === 0) return new Set();
  const { rows } = await client.query<{ oid: number }>(
    `SELECT oid FROM pg_catalog.pg_type WHERE typtype = 'e' AND oid IN (${own.join(', ')})`,
  );
  return new Set(rows.map(({ oid }) => oid));
}

function refuseWide(columns: number, name: string): void {
  if (columns <= MAX_COLUMNS) return;
  throw new HalftoneError(
    'SOURCE_TOO_WIDE',
    `${name} has ${columns} columns; at most ${MAX_COLUMNS} can be loaded.`,
    { hint: 'Select those that you need.' },
  );
}

function notANumber(column: string, count: number): Finding[] {
  if (count === 0) return [];
  const what = count === 1 ? 'One value' : `${count} values`;
  const message = `${what} of column "${column}", NaN or infinite, became null.`;
  return [{ code: 'NUMERIC_NAN', message, column }];
}
