import type { DuckDBConnection } from '@duckdb/node-api';
import {
  clauseInterval,
  Coordinator,
  makeClient,
  Selection,
  type MosaicClient,
} from '@uwdata/mosaic-core';
import type { Query as MosaicQuery } from '@uwdata/mosaic-sql';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';

/** A view for Mosaic: its query under a filter, as a chart of vgplot writes it. */
export type MosaicView = (filter: never) => MosaicQuery;

/** Views that Mosaic links by a crossfilter, over DuckDB on all its threads. */
export interface LinkedViews {
  /** Tells Mosaic where the brush will be, as the pointer does that enters a chart; resolves once all views are indexed. */
  activate(brush: Brush): Promise<void>;
  /** Moves the brush; resolves once all views have their new rows. Gives the milliseconds that it took. */
  move(brush: Brush): Promise<number>;
  /** The rows that the views had last, by column. */
  results: Record<string, unknown[]>[];
  /** Forgets what was indexed. */
  forget(): Promise<void>;
}

/** Ends in data units. */
export type Brush = readonly [number, number];

export interface BrushAxis {
  column: string;
  domain: readonly [number, number];
  width: number;
}

/**
 * Mosaic's own coordinator, selection and pre-aggregation, by the package. Caches of results and the waiting for more queries
 * to merge are off: each step is to be computed, and at once.
 */
export async function linkedViews(
  duckdb: DuckDBConnection,
  { column, domain, width }: BrushAxis,
  views: readonly MosaicView[],
): Promise<LinkedViews> {
  const { connector, spent } = connect(duckdb);
  const coordinator = new Coordinator(connector as never, {
    logger: null as never,
    cache: false,
    consolidate: false,
  });
  const selection = Selection.crossfilter();
  const source = {};
  const results: Record<string, unknown[]>[] = views.map(() => ({}));
  const clients = views.map((view, i) =>
    makeClient({
      coordinator,
      selection,
      query: (filter) => view(filter as never),
      queryResult: (data) => {
        results[i] = (data as { toColumns(): Record<string, unknown[]> }).toColumns();
      },
    }),
  );
  await Promise.all(clients.map((client: MosaicClient) => client.pending));
  const clause = (brush: Brush) =>
    clauseInterval(column, [...brush], {
      source,
      scale: { type: 'linear', domain: [...domain], range: [0, width] } as never,
    });
  return {
    results,
    async activate(brush) {
      selection.activate(clause(brush));
      const { entries } = coordinator.preaggregator;
      if (entries.size !== views.length) throw new Error('Mosaic did not index every view.');
      for (const entry of entries.values()) await (entry as { result: Promise<unknown> }).result;
    },
    async move(brush) {
      const before = spent();
      const started = performance.now();
      selection.update(clause(brush));
      await selection.pending('value');
      return performance.now() - started - (spent() - before);
    },
    forget: async () => {
      await coordinator.preaggregator.dropSchema();
    },
  };
}

/**
 * DuckDB in this process, by the package that we load files with. It gives no Arrow, so small results are written as such here;
 * what that takes is not Mosaic's, and is told apart.
 */
function connect(duckdb: DuckDBConnection) {
  let encodeMs = 0;
  return {
    spent: () => encodeMs,
    connector: {
      async query({ type, sql }: { type: string; sql: string }): Promise<unknown> {
        if (type === 'exec') {
          await duckdb.run(sql);
          return undefined;
        }
        const reader = await duckdb.runAndReadAll(sql);
        const started = performance.now();
        const columns = reader.getColumnsObject();
        const plain = Object.entries(columns).map(([name, values]): [string, unknown[]] => [
          name,
          values.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
        ]);
        const bytes = tableToIPC(tableFromArrays(plain as never), { format: 'stream' });
        encodeMs += performance.now() - started;
        return bytes;
      },
    },
  };
}
