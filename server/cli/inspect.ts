import type { ColumnInfo, JsonValue } from '../../protocol/column.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { createCatalog } from '../catalog/catalog.js';
import { createEventHub } from '../events/hub.js';
import { parseCsvOptions } from '../loader/sources/parse-csv-options.js';
import { resolveSources } from '../loader/sources/resolve-sources.js';
import type { CsvOptions } from '../loader/source.js';
import { createPool } from '../pool.js';
import { openServices } from '../services.js';
import { formatBytes } from './byte-size.js';
import { openCacheDir } from './cache-dir.js';
import { createLoadDisplay } from './load-display.js';
import { loadMemoryOf } from './load-memory.js';
import { printable } from './printable.js';
import { layOutTable } from './table.js';
import type { Terminal } from './terminal.js';

export interface InspectFlags {
  json?: boolean;
  csv: readonly string[];
  strict?: boolean;
  cacheDir?: string;
}

/**
 * Describes what a path holds. The rows are loaded like any others, because only a full pass tells nulls, extremes
 * and lines that do not fit; what it leaves in the cache makes a `serve` of the same file quick.
 */
export async function inspect(
  path: string,
  flags: InspectFlags,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const csv = Object.assign({}, ...flags.csv.map(parseCsvOptions)) as CsvOptions;
  const { cwd, err, now } = terminal;
  const strict = flags.strict ?? false;
  const services = await openServices({
    cacheDir: await openCacheDir(flags.cacheDir, terminal),
    memoryLimit: 2 ** 28,
    pool: createPool({ threads: 1 }),
    loadMemory: loadMemoryOf(terminal),
    warn: (message) => err(`${message}\n`),
  });
  const display = createLoadDisplay(terminal);
  let failure: Error | undefined;
  const catalog = createCatalog({
    parts: services.catalogParts,
    events: createEventHub({ epoch: 'inspect', history: 1 }),
    now,
    onProgress: display.progress,
    onSettled: (_info, error) => {
      display.clear();
      failure ??= error;
    },
  });
  const end = () => void Promise.all([catalog.close(), services.endLoads()]);
  stop.addEventListener('abort', end, { once: true });
  try {
    const { sources, problems, warnings } = await resolveSources([path], {
      cwd,
      csv,
      strict,
      describe: services.describe,
    });
    if (problems[0] !== undefined) throw problems[0].error;
    for (const { message } of warnings) err(`${message}\n`);
    catalog.add(sources);
    await catalog.idle();
    if (failure !== undefined) throw failure;
    const datasets = catalog.list();
    if (flags.json === true) {
      terminal.out(
        `${JSON.stringify(datasets.length === 1 ? datasets[0] : { datasets }, null, 2)}\n`,
      );
    } else terminal.out(datasets.map(describe).join('\n'));
  } finally {
    await catalog.close();
    await services.close();
  }
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
