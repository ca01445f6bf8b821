import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Filter, Query } from '../../protocol/query.js';
import type { Catalog } from '../catalog/catalog.js';
import type { ConfigState } from '../config/live-config.js';
import type { ServerConfig } from '../config.js';
import type { Engine } from '../engine/engine.js';
import type { EventHub } from '../events/hub.js';
import type { FrameCache } from '../frames/frame-cache.js';
import type { Freshener } from '../frames/freshen.js';
import type { WriteParquet } from '../frames/parquet-file.js';
import type { WriteText } from '../frames/text-frame.js';
import type { Access } from '../http/token.js';
import type { CsvOptions, DatasetSource } from '../loader/source.js';
import type { Jobs } from '../jobs/jobs.js';
import type { Runs } from '../jobs/runs.js';
import type { Metrics } from '../metrics.js';
import type { Verifier } from '../verify/verifier.js';

/** The Fastify instance that the routes are added to: schemas give the types of requests. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** How a path that a person gave is to be read. */
export interface OpenOptions {
  csv?: CsvOptions;
  strict?: boolean;
  /** The dataset's name, where it does not follow from the path. */
  name?: string;
}

/** A file that comes with Halftone. */
export interface Sample {
  name: string;
  /** The base name of its file. */
  file: string;
  path: string;
  bytes: number;
}

/** The bytes that are held somewhere, for `GET /api/v1/cache`. */
export interface CacheUse {
  bytes: number;
  maxBytes: number;
}

/** Columns in memory, and the one account that they share with what requests compute with and what is kept of answers. */
export interface MemoryUse extends CacheUse {
  limitBytes: number;
  bookedBytes: number;
  peakBytes: number;
  scratchBytes: number;
  keptBytes: number;
}

/** Everything that the routes work with; made by the command, or faked in a test. */
export interface AppParts {
  config: ServerConfig;
  catalog: Catalog;
  runs: Pick<Runs, 'list' | 'get'>;
  jobs: Pick<Jobs, 'times' | 'pause' | 'resume'>;
  engine: Engine;
  /** Checks what a client sent as a query, or as a list of filters; throws QUERY_INVALID and its like. */
  checkQuery: (value: unknown) => Query;
  checkFilters: (value: unknown) => Filter[];
  frames: FrameCache;
  freshener: Freshener;
  /** Frames on disk. */
  frameUse: () => CacheUse & { frames: number };
  writeText: WriteText;
  writeParquet: WriteParquet;
  verifier: Verifier;
  events: EventHub;
  metrics: Metrics;
  /** Present where a token is in force. */
  access?: Access;
  /** Finds the datasets behind a path of this machine; rejects with a SOURCE_… error. */
  openPath: (path: string, options: OpenOptions) => Promise<DatasetSource[]>;
  /** The configuration file as it is now, and what is in force. */
  configuration: () => ConfigState;
  samples: readonly Sample[];
  /** Columns in memory. */
  columnUse: () => MemoryUse;
  /** Milliseconds, monotonic. */
  now: () => number;
  /** Takes errors that are our own fault, for the log. */
  report: (error: unknown, where: string) => void;
  /** True once the server is being stopped. */
  isClosing: () => boolean;
}
