import { columnType } from '../../protocol/config/column-type.js';
import type { ConfigCsv } from '../../protocol/config/csv.js';
import { parseByteSize } from '../cli/byte-size.js';
import type { CsvOptions, DatasetSource } from '../loader/source.js';

/** How a CSV is to be read. */
export function csvOptionsOf({ csv = {} }: { csv?: ConfigCsv }): CsvOptions {
  const { delimiter, ...rest } = csv;
  return {
    ...rest,
    ...(delimiter === undefined ? {} : { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
  };
}

/** The most bytes that a source may give. */
export function bytesOf({ maxBytes }: { maxBytes?: string }): { maxBytes?: number } {
  return maxBytes === undefined ? {} : { maxBytes: parseByteSize(maxBytes, Number.NaN) };
}

/** What is done to the columns of a source of any kind. */
export function readingOf({
  columns = {},
  timeZone,
  hide,
}: {
  columns?: Record<string, string>;
  timeZone?: string;
  hide?: string[];
}): Pick<DatasetSource, 'types' | 'timeZone' | 'hide'> {
  return {
    ...(Object.keys(columns).length === 0 ? {} : { types: typesOf(columns) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(hide === undefined || hide.length === 0 ? {} : { hide }),
  };
}

function typesOf(columns: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [name, columnType(type) ?? type]),
  );
}
