import type { JsonValue } from '../../protocol/column.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { API } from '../../protocol/media.js';
import type { ColumnValues } from '../../protocol/options.js';
import type { Filter, Query } from '../../protocol/query.js';
import { createAsker, frameAddress, type Ask } from '../data/ask.js';
import { followSnapshots, type SnapshotNews } from './follow-snapshots.js';
import { getJson } from './get-json.js';

export interface ClientOptions {
  /** The address of a Halftone server, with its base path: `https://viz.example.org/halftone`. */
  server: string;
  /** Sent as `Authorization: Bearer`, where the server asks for one. */
  token?: string;
  /** Decoded frames are kept up to so many bytes; default 8 MiB. */
  maxBytes?: number;
}

/** The formats that matching rows are exported in. */
export type ExportFormat = 'csv' | 'parquet' | 'arrow' | 'json';

/** What a page may ask a Halftone server. Every promise rejects with a `ProblemError` where the server refuses. */
export interface Client {
  readonly server: string;
  /** Answers a query with a frame, whose columns are views of the bytes received. */
  frame: Ask;
  datasets(signal?: AbortSignal): Promise<DatasetInfo[]>;
  /** With a `snapshot`, as that has it. */
  dataset(name: string, signal?: AbortSignal, snapshot?: string): Promise<DatasetInfo>;
  /** The options of a dropdown, most frequent first, counted under the *other* filters. */
  values(
    dataset: string,
    column: string,
    options?: {
      search?: string;
      limit?: number;
      filters?: readonly Filter[];
      signal?: AbortSignal;
    },
  ): Promise<ColumnValues>;
  /** One row in full, by column, every value exact. */
  row(
    dataset: string,
    row: number,
    options?: { snapshot?: string; signal?: AbortSignal },
  ): Promise<Record<string, JsonValue>>;
  /** The address of a frame for other programs; undefined where the query is too long to stand in one. */
  frameAddress(query: Query, suffix?: '' | '.arrow' | '.csv' | '.json'): string | undefined;
  /** The address of every matching row. */
  exportAddress(
    dataset: string,
    options: { format: ExportFormat; filters?: readonly Filter[]; snapshot?: string },
  ): string;
  /** Calls `listener` when a dataset has a new snapshot; gives what ends that. All listeners share one stream. */
  onSnapshot(listener: (news: SnapshotNews) => void): () => void;
}

/** A client of one server. It holds no connection until something is asked. */
export function createClient({ server, token, maxBytes }: ClientOptions): Client {
  const root = server.endsWith('/') ? server : `${server}/`;
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send: typeof fetch = (address, init) =>
    fetch(address, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), ...headers },
    });
  const { ask } = createAsker({
    base: root,
    fetch: send,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const path = (...parts: string[]): string =>
    root + [API, ...parts.map(encodeURIComponent)].join('/');
  const get = <T>(address: string, parameters: Wanted, signal?: AbortSignal): Promise<T> =>
    getJson<T>(send, withParameters(address, parameters), signal);
  const datasets = async (signal?: AbortSignal): Promise<DatasetInfo[]> =>
    (await get<{ datasets: DatasetInfo[] }>(path('datasets'), {}, signal)).datasets;
  const news = followSnapshots({
    address: path('events'),
    hasToken: token !== undefined,
    datasets,
  });

  return {
    server: root,
    frame: ask,
    datasets,
    dataset: (name, signal, snapshot) => get(path('datasets', name), { snapshot }, signal),
    values: (dataset, column, { search, limit, filters, signal } = {}) =>
      get(
        path('datasets', dataset, 'columns', column, 'values'),
        { search, limit, filters },
        signal,
      ),
    async row(dataset, row, { snapshot, signal } = {}) {
      const address = path('datasets', dataset, 'rows', String(row));
      const { values } = await get<{ values: Record<string, JsonValue> }>(
        address,
        { snapshot },
        signal,
      );
      return values;
    },
    frameAddress: (query, suffix = '') => frameAddress(root, query, suffix),
    exportAddress: (dataset, { format, filters, snapshot }) =>
      withParameters(path('datasets', dataset, 'export'), { format, filters, snapshot }),
    onSnapshot: news,
  };
}

/** What an address asks for; what is undefined is left out, lists are JSON. */
type Wanted = Readonly<Record<string, string | number | readonly unknown[] | undefined>>;

function withParameters(address: string, parameters: Wanted): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return query.size === 0 ? address : `${address}?${query}`;
}
