import type { ColumnInfo, JsonValue } from '../../protocol/column.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { formatBytes } from './byte-size.js';
import { printable } from './printable.js';
import { layOutTable } from './table.js';
import type { Terminal } from './terminal.js';
import { withLoaded, type LoadFlags } from './with-loaded.js';

export interface InspectFlags extends LoadFlags {
  json?: boolean;
}

/**
 * Describes what a path holds. The rows are loaded like any others, because only a full pass tells nulls, extremes
 * and lines that do not fit.
 */
export async function inspect(
  path: string,
  flags: InspectFlags,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const options = { terminal, stop, memoryLimit: 2 ** 28, threads: 1 };
  await withLoaded([path], flags, options, async ({ catalog }) => {
    const datasets = catalog.list();
    if (flags.json === true) {
      terminal.out(
        `${JSON.stringify(datasets.length === 1 ? datasets[0] : { datasets }, null, 2)}\n`,
      );
    } else terminal.out(datasets.map(describe).join('\n'));
  });
}

/** A dataset as a person reads it. */
export function describe({ name, source, rows, bytes, columns, report }: DatasetInfo): string {
  const dialect = report?.dialect;
  const facts = [
    ['dataset', printable(name)],
    ['source', printable(source)],
    ['rows', rows.toLocaleString('en')],
    ['cached', formatBytes(bytes)],
    ...(report?.encoding === undefined ? [] : [['encoding', report.encoding]]),
    ...(dialect === undefined
      ? []
      : [
          [
            'dialect',
            `delimiter ${JSON.stringify(dialect.delimiter)}, quote ${JSON.stringify(dialect.quote)}, ` +
              `decimal ${JSON.stringify(dialect.decimal)}, ${dialect.header ? 'with' : 'without'} header`,
          ],
        ]),
    ...(report && report.setAside > 0 ? [['set aside', `${report.setAside} lines`]] : []),
    ...(report && report.nulled > 0 ? [['made null', `${report.nulled} values`]] : []),
  ];
  const table = [
    ['column', 'type', 'nulls', 'distinct', 'min', 'max'],
    ...columns.map((column) => [
      printable(column.name),
      column.type,
      column.nulls.toLocaleString('en'),
      column.distinct?.toLocaleString('en') ?? '',
      ...extremes(column),
    ]),
  ];
  const notes = [...(report?.warnings ?? []), ...(report?.findings ?? []).slice(0, 10)];
  const said = notes.map(
    ({ message, line }) => `${line === undefined ? '' : `line ${line}: `}${message}`,
  );
  return [
    layOutTable(facts),
    layOutTable(table, new Set([2, 3])),
    ...(said.length === 0 ? [] : [said.map((text) => `${printable(text, 200)}\n`).join('')]),
  ].join('\n');
}

function extremes({ min, max }: ColumnInfo): [string, string] {
  const show = (value: JsonValue) => (value === null ? '' : printable(String(value), 30));
  return [show(min), show(max)];
}
