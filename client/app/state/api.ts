import type { ConfigProblem } from '../../../protocol/config/problem.js';
import type { DashboardInfo, DashboardSummary } from '../../../protocol/dashboard.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import type { ColumnValues } from '../../../protocol/options.js';
import type { JobInfo } from '../../../protocol/job.js';
import type { JsonValue } from '../../../protocol/column.js';
import type { Explanation } from '../../../protocol/explanation.js';
import type { Filter, Query } from '../../../protocol/query.js';
import type { Verification } from '../../../protocol/verification.js';
import type { Run } from '../../../protocol/run.js';
import { API } from '../../../protocol/media.js';
import { getJson, sendJson } from './http.js';

/** How a CSV file is to be read; what is absent is sniffed. */
export interface CsvChoices {
  delimiter?: string;
  decimal?: string;
  encoding?: string;
  header?: boolean;
  types?: Record<string, string>;
}

/** A way to go on with a path of the server's machine; a folder ends with a separator. */
export interface PathEntry {
  path: string;
  kind: 'file' | 'folder';
  bytes: number | null;
}

export interface Sample {
  name: string;
  file: string;
  bytes: number;
}

/** The kinds of files that rows are downloaded as. */
export type ExportFormat = 'csv' | 'parquet' | 'arrow' | 'ndjson';

/** The JSON side of the server: everything but frames. All addresses are relative to the base path. */
export const api = {
  datasets: async (signal?: AbortSignal): Promise<DatasetInfo[]> =>
    (await getJson<{ datasets: DatasetInfo[] }>('datasets', signal)).datasets,

  dataset: (name: string, signal?: AbortSignal): Promise<DatasetInfo> =>
    getJson(`datasets/${encodeURIComponent(name)}`, signal),

  /** The same as an older snapshot has it. */
  datasetAt: (name: string, snapshot: string): Promise<DatasetInfo> =>
    getJson(`datasets/${encodeURIComponent(name)}?snapshot=${encodeURIComponent(snapshot)}`),

  /** The choices of a dropdown, counted under the *other* filters. */
  values(
    { dataset, column, search, limit, filters, snapshot }: ValuesAsk,
    signal?: AbortSignal,
  ): Promise<ColumnValues> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (search) query.set('search', search);
    if (filters.length > 0) query.set('filters', JSON.stringify(filters));
    if (snapshot !== null) query.set('snapshot', snapshot);
    const path = `datasets/${encodeURIComponent(dataset)}/columns/${encodeURIComponent(column)}/values`;
    return getJson(`${path}?${query}`, signal);
  },

  /** One row in full, by column. */
  async row(
    dataset: string,
    row: number,
    snapshot: string,
    signal?: AbortSignal,
  ): Promise<Record<string, JsonValue>> {
    const path = `datasets/${encodeURIComponent(dataset)}/rows/${row}`;
    const query = `snapshot=${encodeURIComponent(snapshot)}`;
    return (await getJson<{ values: Record<string, JsonValue> }>(`${path}?${query}`, signal))
      .values;
  },

  /** Where the browser downloads every matching row from. */
  exportUrl(
    dataset: string,
    format: ExportFormat,
    filters: readonly Filter[],
    snapshot: string | null,
    isSafe = false,
  ): string {
    const query = new URLSearchParams({ format, ...(isSafe ? { formulas: 'text' } : {}) });
    if (filters.length > 0) query.set('filters', JSON.stringify(filters));
    if (snapshot !== null) query.set('snapshot', snapshot);
    return `${API}/datasets/${encodeURIComponent(dataset)}/export?${query}`;
  },

  verify: (query: Query, signal?: AbortSignal): Promise<Verification> =>
    sendJson('POST', 'verify', query, signal),

  explain: (query: Query, signal?: AbortSignal): Promise<Explanation> =>
    sendJson('POST', 'explain', query, signal),

  /** The snapshots that runs of a dataset have made, newest first; none where runs are not kept. */
  async snapshots(
    dataset: string,
    signal?: AbortSignal,
  ): Promise<{ snapshot: string; endedAt: string }[]> {
    const { runs } = await getJson<{
      runs: { snapshot?: string | null; endedAt?: string | null }[];
    }>(`runs?dataset=${encodeURIComponent(dataset)}`, signal);
    const made = new Map<string, string>();
    for (const { snapshot, endedAt } of runs) {
      if (snapshot && endedAt && !made.has(snapshot)) made.set(snapshot, endedAt);
    }
    return [...made].map(([snapshot, endedAt]) => ({ snapshot, endedAt }));
  },

  dashboards: async (): Promise<DashboardSummary[]> =>
    (await getJson<{ dashboards: DashboardSummary[] }>('dashboards')).dashboards,

  dashboard: (name: string, signal?: AbortSignal): Promise<DashboardInfo> =>
    getJson(`dashboards/${encodeURIComponent(name)}`, signal),

  configProblems: async (): Promise<ConfigProblem[]> =>
    (await getJson<{ problems: ConfigProblem[] }>('config')).problems,

  reportUrl: (dataset: string): string => `${API}/datasets/${encodeURIComponent(dataset)}/report`,

  /** Takes a path of the server's machine in; gives the names of the datasets it became. */
  open: (
    body: { path?: string; sample?: string; csv?: CsvChoices },
    signal?: AbortSignal,
  ): Promise<{ datasets: DatasetInfo[] }> => sendJson('POST', 'datasets', body, signal),

  /** Loads a dataset anew with other CSV options. */
  reload: (name: string, csv: CsvChoices): Promise<unknown> =>
    sendJson('POST', `datasets/${encodeURIComponent(name)}/load`, { csv }),

  cancelLoad: (name: string): Promise<unknown> =>
    sendJson('DELETE', `datasets/${encodeURIComponent(name)}/load`),

  jobs: async (signal?: AbortSignal): Promise<JobInfo[]> =>
    (await getJson<{ jobs: JobInfo[] }>('jobs', signal)).jobs,

  /** One run, with its log. */
  run: (id: string, signal?: AbortSignal): Promise<Run> => getJson(`runs/${id}`, signal),

  /** Begins a run, or joins the one under way; with `force` it takes what a guard refuses. */
  refresh: (name: string, force = false): Promise<Run> =>
    sendJson('POST', `datasets/${encodeURIComponent(name)}/refresh`, { force }),

  cancelRun: (id: string): Promise<Run> => sendJson('DELETE', `runs/${id}`),

  /** Takes the schedule of a dataset out of force, or puts it in again. */
  setPaused: (name: string, paused: boolean): Promise<JobInfo> =>
    sendJson(paused ? 'POST' : 'DELETE', `datasets/${encodeURIComponent(name)}/pause`),

  /** Files and folders of the server's machine that begin with `prefix`; loopback only. */
  files: async (prefix: string, signal?: AbortSignal): Promise<PathEntry[]> =>
    (await getJson<{ entries: PathEntry[] }>(`files?prefix=${encodeURIComponent(prefix)}`, signal))
      .entries,

  samples: async (): Promise<Sample[]> => (await getJson<{ samples: Sample[] }>('samples')).samples,

  /** What the server keeps where. */
  cache: (signal?: AbortSignal): Promise<CacheReport> => getJson('cache', signal),

  /** Has the server forget the answers of a dataset. */
  clearCache: (dataset: string): Promise<{ cleared: number; bytes: number }> =>
    sendJson('DELETE', `cache?dataset=${encodeURIComponent(dataset)}`),

  /** Of the stream of events; absolute, for whoever stands elsewhere than the page. */
  eventsUrl: (): string => new URL(`${API}/events`, document.baseURI).href,
};

export interface CacheReport {
  memory: { frames: { bytes: number; entries: { dataset: string; bytes: number }[] } };
  disk: { frames: { bytes: number; frames: number } };
}

export interface ValuesAsk {
  dataset: string;
  column: string;
  search: string;
  limit: number;
  filters: readonly Filter[];
  snapshot: string | null;
}
