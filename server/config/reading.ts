import type { ConfigCsv } from '../../protocol/config/csv.js';
import type { CsvOptions, DatasetSource } from '../loader/source.js';

/** How a CSV is to be read, with the types that were said. */
export function csvOptionsOf({
  csv = {},
  columns,
}: {
  csv?: ConfigCsv;
  columns?: Record<string, string>;
}): CsvOptions {
  const { delimiter, ...rest } = csv;
  return {
    ...rest,
    ...(delimiter === undefined ? {} : { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
    ...(columns === undefined ? {} : { types: columns }),
  };
}

/** What is done to the columns of a source of any kind. */
export function readingOf({
  columns,
  timeZone,
  hide,
}: {
  columns?: Record<string, string>;
  timeZone?: string;
  hide?: string[];
}): Pick<DatasetSource, 'types' | 'timeZone' | 'hide'> {
  return {
    ...(columns === undefined || Object.keys(columns).length === 0 ? {} : { types: columns }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(hide === undefined || hide.length === 0 ? {} : { hide }),
  };
}
