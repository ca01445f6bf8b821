import type { SourceKind } from '../snapshots/manifest.js';

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

/** A named source with its options: what a dataset is loaded from. */
export interface DatasetSource {
  name: string;
  kind: SourceKind;
  /** Absolute, in UTF-8 path order: the order of the rows. Empty for `sql`. */
  files: readonly string[];
  /** The folder that `key=value` folder names are counted from, where the files were given as one. */
  root?: string;
  /** More than one file: `filename` and partition columns are added, columns united by name. */
  united: boolean;
  csv: CsvOptions;
  /** Refuse what is not clean instead of setting it aside. */
  strict: boolean;
  /** `--sql`: a SELECT over other datasets' files, each available as a view under its dataset's name. */
  sql?: { query: string; inputs: readonly DatasetSource[] };
}
