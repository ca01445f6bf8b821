import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canonicalJson } from '../../protocol/canonical.js';
import type { Query } from '../../protocol/query.js';
import type { Verification } from '../../protocol/verification.js';
import { createGate } from '../catalog/gate.js';
import type { CatalogParts } from '../catalog/parts.js';
import type { Frame } from '../engine/engine.js';
import { HalftoneError } from '../errors.js';
import type { Loader } from '../loader/loader.js';
import type { DatasetSource } from '../loader/source.js';
import type { Snapshot, SourceFingerprint } from '../snapshots/manifest.js';

/** A frame, what it answers, and where its rows came from. */
export interface ToVerify {
  source: DatasetSource;
  snapshot: Snapshot;
  /** The canonical query, and its key. */
  query: Query;
  key: string;
  frame: Frame;
}

/** Holds frames against their sources, one at a time: each reads its source from the beginning. */
export interface Verifier {
  verify(what: ToVerify, signal: AbortSignal): Promise<Verification>;
}

export interface VerifierOptions {
  loader: Pick<Loader, 'verify'>;
  fingerprint: CatalogParts['fingerprint'];
  /** Milliseconds, monotonic. */
  now: () => number;
  deadlineMs?: number;
}

/** Who waits for longer has gone. */
const DEADLINE_MS = 10 * 60 * 1000;
/** So many wait for their turn; more are sent away. */
const MAX_WAITING = 4;
/** A statement of many literals is cut for people. */
const MAX_SQL = 20_000;

export function createVerifier({
  loader,
  fingerprint,
  now,
  deadlineMs = DEADLINE_MS,
}: VerifierOptions): Verifier {
  const gate = createGate(1);
  let asked = 0;

  async function verify(what: ToVerify, signal: AbortSignal): Promise<Verification> {
    const { source, snapshot, query, frame } = what;
    const startedAt = now();
    const made = snapshot.manifest.source;
    const before = await current(source);
    if (!isSame(made, before)) return unlike(what, before, now() - startedAt);
    const dir = await mkdtemp(join(tmpdir(), 'halftone-verify-'));
    try {
      const file = join(dir, 'frame.arrow');
      await writeFile(file, frame.bytes);
      const columns = snapshot.manifest.columns.map(({ info: { name, type }, logical }) => ({
        name,
        type,
        logical,
      }));
      const claim = { query, columns, frame: file };
      const proof = await loader.verify(source, claim, { dir, deadlineMs, signal });
      // What was read may be newer than what was looked at.
      const after = await current(source);
      if (!isSame(made, after)) return unlike(what, after, now() - startedAt);
      const { compared, differ, differences, tolerance, shared, sql, rows } = proof;
      return {
        ...told(what),
        verdict: differ === 0 ? 'equal' : 'differs',
        sentence: `${compared.toLocaleString('en')} numbers compared, ${differ.toLocaleString('en')} differ.`,
        source: 'unchanged',
        compared,
        differ,
        differences,
        tolerance,
        shared,
        sql: sql.map((statement) => shownSql(statement, source, dir)),
        rows,
        ms: Math.round(now() - startedAt),
      };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }

  async function current(source: DatasetSource): Promise<SourceFingerprint | null> {
    return fingerprint(source).catch((error: unknown) => {
      if (error instanceof HalftoneError && error.code === 'SOURCE_MISSING') return null;
      throw error;
    });
  }

  return {
    async verify(what, signal) {
      if (asked > MAX_WAITING) {
        throw new HalftoneError('OVERLOADED', `${asked} frames wait to be verified already.`, {
          hint: 'Each reads its source from the beginning: ask again in a while.',
        });
      }
      asked++;
      try {
        return await gate.run(() => verify(what, signal), signal);
      } finally {
        asked--;
      }
    },
  };
}

/** The difference of two frames is proved by proving both. */
export function refuseComparison({ against }: Query): void {
  if (against === undefined) return;
  throw new HalftoneError('VERIFY_UNSUPPORTED', 'A comparison is not verified as a whole.', {
    field: 'against',
    hint: 'Verify the two frames: the query without "against", and with what it names in place.',
  });
}

function isSame(a: SourceFingerprint, b: SourceFingerprint | null): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** What is told whatever the verdict. */
function told({ snapshot, key, query, frame }: ToVerify) {
  const { id, dataset } = snapshot.manifest;
  const { method, exact, bound } = frame.metadata;
  const { mark } = query;
  return { dataset, snapshot: id, key, mark, method, exact, ...(bound !== undefined && { bound }) };
}

/** The answer where the source is no longer what the snapshot was made from: nothing is compared, nothing is proved. */
function unlike(what: ToVerify, now: SourceFingerprint | null, ms: number): Verification {
  const { dataset, source } = what.snapshot.manifest;
  const how = now === null ? 'is gone' : 'has changed';
  return {
    ...told(what),
    verdict: 'not compared',
    sentence: `The source of "${dataset}" ${how} since this snapshot was made: nothing was compared.`,
    source: 'changed',
    fingerprints: { snapshot: named(source), now: now && named(now) },
    compared: 0,
    differ: 0,
    differences: [],
    tolerance: [],
    shared: [],
    sql: [],
    rows: 0,
    ms: Math.round(ms),
  };
}

/** A fingerprint without the folders of this machine. */
function named({ files, ...rest }: SourceFingerprint): SourceFingerprint {
  return { ...rest, files: files.map((file) => ({ ...file, path: basename(file.path) })) };
}

/** A statement without the folders of this machine: it runs where the files are. */
function shownSql(statement: string, source: DatasetSource, dir: string): string {
  const files = [source, ...(source.sql?.inputs ?? [])].flatMap((one) => one.files);
  const folders = new Set([dir, join(dir, 'temporary'), ...files.map((file) => dirname(file))]);
  let shown = statement;
  // The longest first: one may stand in another.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    shown = shown.replaceAll(`'${folder.replaceAll("'", "''")}/`, "'");
  }
  return shown.length > MAX_SQL ? `${shown.slice(0, MAX_SQL)} …` : shown;
}
