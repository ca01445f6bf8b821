import type { Schedule } from '../../protocol/schedule.js';
import type { Parameters, ParameterValue } from '../../protocol/parameters.js';
import type { Logical } from '../../workers/storage.js';
import type { FileKind, SourceKind } from '../snapshots/manifest.js';

/** How a CSV is to be read; what is absent is detected. */
export interface CsvOptions {
  delimiter?: string;
  quote?: string;
  escape?: string;
  decimal?: ',' | '.';
  /** A WHATWG label: utf-8, utf-16le, windows-1252 … */
  encoding?: string;
  header?: boolean;
  /** Texts that stand for null, beside the empty field. */
  nulls?: readonly string[];
  /** Column → DuckDB type, said, not guessed. `text` is VARCHAR. */
  types?: Readonly<Record<string, string>>;
}

/** A program that prints rows to its standard output. */
export interface CommandSource {
  /** The program and its arguments; no shell reads them. */
  argv: readonly string[];
  /** Absolute: where it runs, and where a relative program is looked for. */
  cwd: string;
  /** Variables beside the usual ones. They may be secrets. */
  env?: Readonly<Record<string, string>>;
  /** What it prints; absent, that is found by looking. */
  format?: FileKind;
  /** More than this is refused. */
  maxBytes?: number;
}

/** What a web server gives for one address. */
export interface UrlSource {
  /** http or https; the part before the host and the query may be secrets. */
  href: string;
  /** Sent along, to this origin alone. They may be secrets. */
  headers?: Readonly<Record<string, string>>;
  format?: FileKind;
  maxBytes?: number;
  /** A server that is silent for longer has failed. */
  idleMs?: number;
}

/** A query to PostgreSQL. What is absent comes from the variables that its own tools read (PGHOST …). */
export interface PostgresSource {
  /** postgres://user:password@host:port/database?sslmode=…; members beside it go first. */
  url?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  /** One SELECT. */
  query: string;
  /** A column whose values only rise with new rows, of rows that are never changed: a load reads what came behind. */
  appendBy?: string;
  /** Time for the first connection. */
  connectMs?: number;
}

/** A table of a DuckDB file, or what a query to it gives. The file is the one in `files`. */
export interface DuckdbSource {
  table?: string;
  query?: string;
}

/** A SELECT over other datasets. */
export interface SqlSource {
  query: string;
  /** Datasets whose files are read (`--sql`), each available as a view under its name. */
  inputs: readonly DatasetSource[];
  /** Datasets whose snapshots are read, by name. */
  over?: readonly string[];
  /** What the query may be given, each as `$name` in it. */
  parameters?: Parameters;
  /** The values that differ from the defaults. */
  values?: Readonly<Record<string, ParameterValue>>;
  /** The snapshots of those that answer now: who knows them puts them in for a load. */
  bound?: readonly SnapshotInput[];
}

/** A snapshot that SQL reads. */
export interface SnapshotInput {
  /** The name of its dataset, and of its table. */
  name: string;
  /** Absolute, like those of its segments. */
  manifest: string;
  segments: readonly string[];
  columns: readonly { name: string; type: string; logical: Logical }[];
  rows: number;
}

/** A named source with its options: what a dataset is loaded from. */
export interface DatasetSource {
  name: string;
  kind: SourceKind;
  /** Absolute, in UTF-8 path order: the order of the rows. Empty for `sql` and for what is pulled. */
  files: readonly string[];
  /** The folder that `key=value` folder names are counted from, where the files were given as one. */
  root?: string;
  /** The globs and folders that the files were found by, absolute: they stay what they are while files come and go. */
  patterns?: readonly string[];
  /** More than one file: `filename` and partition columns are added, columns united by name. */
  united: boolean;
  csv: CsvOptions;
  /** Refuse what is not clean instead of setting it aside. */
  strict: boolean;
  /** Column → DuckDB type in its own words, said, not guessed; beside those of `csv`. */
  types?: Readonly<Record<string, string>>;
  /** Times without an offset were written in this zone: they become instants. */
  timeZone?: string;
  /** Columns that are never stored, cached or served. */
  hide?: readonly string[];
  sql?: SqlSource;
  /** Where `${file:PATH}` begins, for texts that may be secret: their references are followed with each load. */
  referencesFrom?: string;
  command?: CommandSource;
  url?: UrlSource;
  postgres?: PostgresSource;
  duckdb?: DuckdbSource;
  /** When it is loaded anew, and what of it is taken and kept; absent, files are loaded when they change. */
  schedule?: Schedule;
}

/**
 * True where only a pull tells whether the source has changed: a look at it says nothing, and it is pulled when a run
 * asks for it. Other sources are made of files, and are loaded anew when these change.
 */
export function isPulled({ kind }: Pick<DatasetSource, 'kind'>): boolean {
  return kind === 'command' || kind === 'url' || kind === 'postgres';
}

/** True where a schedule says when the source is loaded; what its files do meanwhile is not looked at. */
export function isScheduled({ schedule }: Pick<DatasetSource, 'schedule'>): boolean {
  return schedule !== undefined && schedule.when !== null && schedule.enabled;
}
