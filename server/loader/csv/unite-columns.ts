import type { DatasetSource } from '../source.js';
import { fileColumnsOf, type FileColumn } from '../sources/file-columns.js';
import type { ColumnRule } from './cell-type.js';
import { widerType } from './column-sql.js';
import type { CsvPart } from './prepare-part.js';

/** A column of the dataset and where each file has it. */
export interface UnitedColumn {
  name: string;
  type: string;
  /** A person said the type. */
  said: boolean;
  /** By file: the field it stands in and how it is written there; undefined where the file lacks it. */
  fields: ({ position: number; rule: ColumnRule } | undefined)[];
}

export interface UnitedTable {
  columns: UnitedColumn[];
  fileColumns: FileColumn[];
}

/** Unites the columns of the files by name, in the order they first appear; types widen until they hold all. */
export function uniteColumns(source: DatasetSource, parts: readonly CsvPart[]): UnitedTable {
  const columns = new Map<string, UnitedColumn>();
  for (const [i, { detection }] of parts.entries()) {
    for (const [position, rule] of detection.columns.entries()) {
      let column = columns.get(rule.name);
      if (column === undefined) {
        const fields = parts.map(() => undefined);
        columns.set(rule.name, (column = { name: rule.name, type: '', said: false, fields }));
      }
      column.fields[i] = { position, rule };
    }
  }
  for (const column of columns.values()) {
    const said = saidType(source, column.name);
    const rules = column.fields.flatMap((field) => (field === undefined ? [] : [field.rule]));
    // A file without a value in the column has nothing to say about its type.
    const telling = rules.filter(({ longest }) => longest > 0);
    const types = (telling.length > 0 ? telling : rules).map(({ type }) => type);
    column.type = said ?? types.reduce(widerType);
    column.said = said !== undefined;
    for (const field of column.fields) {
      if (field) field.rule = ruleAs(field.rule, column);
    }
  }
  return {
    columns: [...columns.values()],
    fileColumns: source.united ? fileColumnsOf(parts, columns) : [],
  };
}

/** The file's rule, for the dataset's type: a text column has no format. */
function ruleAs(rule: ColumnRule, { type, said }: UnitedColumn): ColumnRule {
  const { format, thousands, ...rest } = rule;
  const changed = { ...rest, type, said };
  if (type === 'VARCHAR' && !rule.said) return { ...changed, decimal: '.', nulls: rule.saidNulls };
  return {
    ...changed,
    ...(format === undefined ? {} : { format }),
    ...(thousands === undefined ? {} : { thousands }),
  };
}

function saidType({ csv }: DatasetSource, name: string): string | undefined {
  const type = csv.types?.[name];
  if (type === undefined) return undefined;
  return /^(?:text|string)$/i.test(type) ? 'VARCHAR' : type.toUpperCase();
}
