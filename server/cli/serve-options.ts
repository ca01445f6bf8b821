import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { ConfigServer } from '../../protocol/config/server.js';
import { normalizeBasePath } from '../config.js';
import type { OpenedConfig } from '../config/open-config.js';
import { ReferenceError, resolveReferences } from '../config/references.js';
import { hostName } from '../http/host-guard.js';
import { isLoopbackName } from '../http/loopback.js';
import type { CsvOptions } from '../loader/source.js';
import { parseCsvOptions } from '../loader/sources/parse-csv-options.js';
import { parseByteSize } from './byte-size.js';
import { usageError } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The options of `serve` as commander gives them. */
export interface ServeFlags {
  port?: string;
  host?: string;
  allowHost: string[];
  basePath?: string;
  config?: string;
  cacheDir?: string;
  memoryLimit?: string;
  workers?: string;
  /** Absent where neither --open nor --no-open was given. */
  open?: boolean;
  readOnly?: boolean;
  token?: string;
  sql: string[];
  csv: string[];
  strict?: boolean;
  separate?: boolean;
  samples?: boolean;
}

/** The same, checked and in the types that the server works with. */
export interface ServeOptions {
  port: number | undefined;
  host: string;
  allowHosts: string[];
  allowOrigins: string[];
  frameAncestors: string[];
  trustProxy: boolean;
  basePath: string;
  cacheDir: string | undefined;
  /** Bytes of columns that are kept in memory. */
  memoryLimit: number;
  /** Bytes of frames on disk. */
  frameBytes: number;
  workers: number | undefined;
  open: boolean;
  readOnly: boolean;
  token: string | undefined;
  sql: { name: string; query: string }[];
  csv: CsvOptions;
  strict: boolean;
  separate: boolean;
  samples: boolean;
}

/** What is used where nobody says otherwise. */
const DEFAULTS = { host: '127.0.0.1', basePath: '/', memory: '50%', frames: '1GiB' } as const;

/**
 * Checks the flags; throws CONFIG_INVALID with the bad value. A flag goes before the environment, and that before the
 * configuration file.
 */
export function readServeOptions(
  flags: ServeFlags,
  terminal: Terminal,
  opened?: OpenedConfig,
): ServeOptions {
  const { env } = terminal;
  const { server = {}, cache = {} } = opened?.config ?? {};
  const token = flags.token ?? env['HALFTONE_TOKEN'] ?? tokenOf(server, opened);
  const askedHost = flags.host ?? server.host ?? DEFAULTS.host;
  const host = hostName(askedHost);
  if (token !== undefined && (token === '' || /[^\x21-\x7e]/u.test(token))) {
    throw usageError('A token has to be of visible ASCII characters, one at least.');
  }
  if (host === '') throw usageError(`"${askedHost}" is not a host.`);
  if (!isLoopbackName(host) && token === undefined) {
    throw usageError(
      `--host ${askedHost} lets other machines in, so a token is needed.`,
      'Give one with --token or in HALFTONE_TOKEN, or as "token" of "server" in the configuration.',
    );
  }
  return {
    host,
    token,
    port: flags.port === undefined ? server.port : parsePort(flags.port),
    allowHosts: [...flags.allowHost, ...(server.allowHosts ?? [])].map(parseHostName),
    allowOrigins: server.allowOrigins ?? [],
    frameAncestors: server.frameAncestors ?? [],
    trustProxy: server.trustProxy ?? false,
    basePath: parseBasePath(flags.basePath ?? server.basePath ?? DEFAULTS.basePath),
    cacheDir: flags.cacheDir ?? cacheDirOf(cache.dir, opened),
    memoryLimit: parseByteSize(
      flags.memoryLimit ?? cache.memory ?? DEFAULTS.memory,
      terminal.totalMemory,
    ),
    frameBytes: parseByteSize(cache.frames ?? DEFAULTS.frames, terminal.totalMemory),
    workers: flags.workers === undefined ? undefined : parseWorkers(flags.workers),
    // A browser is opened for a person who sits there, never for a script.
    open: flags.open ?? (terminal.isInteractive && env['CI'] === undefined),
    readOnly: flags.readOnly ?? false,
    sql: flags.sql.map(parseSql),
    csv: Object.assign({}, ...flags.csv.map(parseCsvOptions)) as CsvOptions,
    strict: flags.strict ?? false,
    separate: flags.separate ?? false,
    samples: flags.samples ?? false,
  };
}

function tokenOf({ token }: ConfigServer, opened: OpenedConfig | undefined): string | undefined {
  if (token === undefined) return undefined;
  try {
    return resolveReferences(token, opened!.references);
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw usageError(error.message, error.hint);
  }
}

function cacheDirOf(dir: string | undefined, opened: OpenedConfig | undefined): string | undefined {
  return dir === undefined ? undefined : resolve(opened!.references.dir, dir);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/u.test(text) && port <= 65_535) return port;
  throw usageError(`"${text}" is not a port.`, 'Ports are 1 to 65535; 0 takes any free one.');
}

function parseHostName(text: string): string {
  const name = hostName(text);
  if (/^[\w.-]+$/u.test(name) || isIP(name) !== 0) return name;
  throw usageError(
    `--allow-host "${text}" is not a host name.`,
    'Name one host, as in viz.example.org; give the option several times for several.',
  );
}

function parseBasePath(text: string): string {
  const path = normalizeBasePath(text);
  if (path !== undefined) return path;
  throw usageError(
    `--base-path "${text}" is not a path that can be served.`,
    'It may hold letters, digits, "-", ".", "_" and "~" between slashes, as in /viz.',
  );
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (/^\d+$/u.test(text) && workers >= 1 && workers <= 256) return workers;
  throw usageError(`"${text}" is not a number of worker threads.`, 'It has to be 1 to 256.');
}

function parseSql(text: string): { name: string; query: string } {
  const match = /^\s*([^=\s]+)\s*=\s*(\S[\s\S]*)$/u.exec(text);
  if (match !== null) return { name: match[1]!, query: match[2]! };
  throw usageError(`--sql "${text}" is not of the form NAME=SELECT … FROM ….`);
}
