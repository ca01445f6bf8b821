import type { FramePlan } from '../../protocol/frame.js';
import { API, ARROW_STREAM, FRAME_REVISION, PLAN_HEADER } from '../../protocol/media.js';
import { canonicalJson } from '../../protocol/canonical.js';
import type { Problem } from '../../protocol/problem.js';
import type { Query } from '../../protocol/query.js';
import { decodeFrame, type DecodedFrame } from './frame.js';
import { keepRecent } from './recent.js';

/** How urgent an answer is: the browser sends what is `high` first. */
export interface AskOptions {
  signal?: AbortSignal | undefined;
  priority?: 'high' | 'low' | 'auto' | undefined;
  /**
   * Gets a first answer from a sample of the rows, where the exact one takes long; that is on its way by then. Always to
   * ask for it costs nothing more: where the exact answer is quick it comes in its place.
   */
  onEstimate?: ((frame: DecodedFrame) => void) | undefined;
  /** Behind an estimate the exact answer is asked for when this resolves; default at once. */
  beforeExact?: (() => Promise<unknown>) | undefined;
}

/** Answers a query with a frame; rejects with a `ProblemError`, or with the reason of `signal`. */
export type Ask = (query: Query, options?: AskOptions) => Promise<DecodedFrame>;

/** What the server answered instead of a frame. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  /** Stable, for programs: `SNAPSHOT_GONE`. */
  get code(): string {
    return this.problem.code;
  }
}

export interface AskerOptions {
  /** The address of the application's root; relative ones are read against the page's base. */
  base?: string;
  /** Decoded frames are kept up to so many bytes; all of a snapshot are in the browser's own cache as well. */
  maxBytes?: number;
  fetch?: typeof fetch;
}

/** The data client: asks the server, keeps frames by bytes, and never asks twice for what it has. */
export interface Asker {
  ask: Ask;
}

/** Addresses longer than this go into the body of a POST: servers and proxies refuse what is over 8 kB. */
const MAX_ADDRESS = 8000;
const MIB = 1024 * 1024;
/** What a kept frame takes beside its bytes: its key and the objects that say what is where, as a snapshot of the heap has them. */
const OBJECT_BYTES = 2048;

export function createAsker({
  base = '',
  maxBytes = 4 * MIB,
  fetch: send = (...args) => fetch(...args),
}: AskerOptions = {}): Asker {
  const frames = keepRecent<DecodedFrame>(maxBytes, ({ byteLength }) => byteLength + OBJECT_BYTES);

  // A frame may only be kept where nothing can change it: its snapshot is named.
  const keyOf = (query: Query): string | undefined =>
    query.snapshot === undefined ? undefined : canonicalJson(query);

  async function ask(query: Query, options: AskOptions = {}): Promise<DecodedFrame> {
    const { signal, onEstimate, beforeExact } = options;
    signal?.throwIfAborted();
    const key = keyOf(query);
    const known = key === undefined ? undefined : frames.get(key);
    if (known !== undefined) return { ...known };
    // What charts make of a frame hangs on the object that they get, and must not outlive their use of it.
    const keep = (frame: DecodedFrame): DecodedFrame => {
      if (key !== undefined) frames.set(key, frame);
      return { ...frame };
    };
    if (onEstimate === undefined) return keep(await load(query, options));
    const first = await load({ ...query, quality: 'fast' }, options);
    if (first.metadata.estimated !== true) return keep(first);
    // The server computes while the estimate is painted.
    const exact = beforeExact
      ? beforeExact().then(() => load(query, options))
      : load(query, options);
    exact.catch(() => undefined);
    onEstimate(first);
    return keep(await exact);
  }

  async function load(query: Query, { signal, priority = 'auto' }: AskOptions) {
    const startedAt = performance.now();
    const response = await send(...requestOf(base, query, signal, priority));
    if (!response.ok) throw new ProblemError(await problemOf(response));
    const bytes = new Uint8Array(await response.arrayBuffer());
    const receivedAt = performance.now();
    const frame = decodeFrame(bytes, planOf(response.headers));
    const decodedAt = performance.now();
    return {
      ...frame,
      timing: {
        ...timingOf(response.headers.get('server-timing')),
        decode: decodedAt - receivedAt,
        fetch: decodedAt - startedAt,
      },
    };
  }

  return { ask };
}

/** The address of a frame, for links and downloads; undefined where it would be too long to be one. */
export function frameAddress(base: string, query: Query, suffix = ''): string | undefined {
  const address = `${base}${API}/frame${suffix}?q=${base64url(canonicalJson(query))}&r=${FRAME_REVISION}`;
  return address.length < MAX_ADDRESS ? address : undefined;
}

function requestOf(
  base: string,
  query: Query,
  signal: AbortSignal | undefined,
  priority: 'high' | 'low' | 'auto',
): [string, RequestInit] {
  const shared: RequestInit = { priority, ...(signal === undefined ? {} : { signal }) };
  const headers = { accept: ARROW_STREAM };
  const address = frameAddress(base, query);
  if (address !== undefined) return [address, { ...shared, headers }];
  return [
    `${base}${API}/frame`,
    {
      ...shared,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(query),
    },
  ];
}

function base64url(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.detail === 'string' && typeof problem.code === 'string')
      return problem as Problem;
  } catch {
    // A proxy answered in its own words; below is what is known.
  }
  return {
    type: 'about:blank',
    title: statusText,
    status,
    code: 'HTTP_ERROR',
    detail: `The server answered with the status ${status}${statusText && ` (${statusText})`}.`,
  };
}

function planOf(headers: Headers): { plan?: FramePlan } {
  const json = headers.get(PLAN_HEADER);
  return json === null ? {} : { plan: JSON.parse(json) as FramePlan };
}

// Server-Timing: `queue;dur=1.2, compute;dur=30`
function timingOf(header: string | null): Record<string, number> {
  const timing: Record<string, number> = {};
  for (const part of (header ?? '').split(',')) {
    const [, name, duration] = /^\s*([\w-]+)\s*;.*?dur=([\d.]+)/.exec(part) ?? [];
    if (name !== undefined) timing[name] = Number(duration);
  }
  return timing;
}
