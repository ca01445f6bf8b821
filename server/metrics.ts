import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ColumnStoreStats } from './memory/columns.js';
import type { TaskCounts } from './task-counts.js';

/** The numbers of `/metrics`. Labels are bounded: routes by their pattern, never by address. */
export interface Metrics {
  registry: Registry;
  requestSeconds: Histogram<'method' | 'route' | 'status'>;
  frameSeconds: Histogram<'mark' | 'stage'>;
  frames: Counter<'outcome'>;
  sentBytes: Counter<'coding'>;
  runs: Counter<'trigger' | 'state'>;
}

/** Gauges that are read when somebody asks. */
export interface MetricSources {
  frameBytes: () => number;
  columnBytes: () => number;
  account: () => Pick<
    ColumnStoreStats,
    'limitBytes' | 'bookedBytes' | 'peakBytes' | 'scratchBytes' | 'keptBytes'
  >;
  eventClients: () => number;
  tasks: () => TaskCounts;
  datasets: () => { name: string; status: string; createdAt: string | null }[];
  /** Milliseconds since 1970. */
  clock: () => number;
}

/** Datasets that have numbers of their own. */
const MAX_LABELS = 200;

/** Makes a registry of its own, so that several servers can live in one process. */
export function createMetrics(sources: MetricSources, withProcess = true): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('halftone_frame_cache_bytes', 'Bytes of frames in memory.', sources.frameBytes);
  gauge('halftone_column_bytes', 'Bytes of columns in memory.', sources.columnBytes);
  new Gauge({
    name: 'halftone_memory_bytes',
    help: 'The account of memory: its limit, what is booked of it, the most that ever was, what requests compute with, and what is kept of answers.',
    labelNames: ['of'],
    registers,
    collect() {
      const { limitBytes, bookedBytes, peakBytes, scratchBytes, keptBytes } = sources.account();
      this.set({ of: 'limit' }, limitBytes);
      this.set({ of: 'booked' }, bookedBytes);
      this.set({ of: 'peak' }, peakBytes);
      this.set({ of: 'scratch' }, scratchBytes);
      this.set({ of: 'kept' }, keptBytes);
    },
  });
  gauge('halftone_event_clients', 'Open streams of events.', sources.eventClients);
  new Gauge({
    name: 'halftone_tasks',
    help: 'Tasks that worker threads run, and those that wait for a thread.',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = sources.tasks();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Counter({
    name: 'halftone_tasks_total',
    help: 'Tasks that have ended: withdrawn where nobody waited for their answer any more.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { done, withdrawn, failed } = sources.tasks();
      this.reset();
      for (const [outcome, tasks] of Object.entries({ done, withdrawn, failed }))
        this.inc({ outcome }, tasks);
    },
  });
  new Gauge({
    name: 'halftone_datasets',
    help: 'Datasets by status.',
    labelNames: ['status'],
    registers,
    collect() {
      for (const status of ['loading', 'ready', 'failed']) {
        this.set({ status }, sources.datasets().filter((one) => one.status === status).length);
      }
    },
  });
  new Gauge({
    name: 'halftone_snapshot_age_seconds',
    help: 'Seconds since the newest snapshot of a dataset was loaded.',
    labelNames: ['dataset'],
    registers,
    collect() {
      this.reset();
      for (const { name, createdAt } of sources.datasets().slice(0, MAX_LABELS)) {
        if (createdAt === null) continue;
        this.set({ dataset: name }, (sources.clock() - Date.parse(createdAt)) / 1000);
      }
    },
  });
  const buckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'halftone_request_seconds',
      help: 'From the request line to the last byte of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    }),
    frameSeconds: new Histogram({
      name: 'halftone_frame_seconds',
      help: 'Stages of computing a frame.',
      labelNames: ['mark', 'stage'],
      buckets,
      registers,
    }),
    frames: new Counter({
      name: 'halftone_frames_total',
      help: 'Frames served: hit, miss, or joined to an equal request.',
      labelNames: ['outcome'],
      registers,
    }),
    runs: new Counter({
      name: 'halftone_runs_total',
      help: 'Loads that have ended, by what began them and how they ended.',
      labelNames: ['trigger', 'state'],
      registers,
    }),
    sentBytes: new Counter({
      name: 'halftone_frame_sent_bytes_total',
      help: 'Bytes of frames as sent, by coding.',
      labelNames: ['coding'],
      registers,
    }),
  };
}
