import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Query } from '../../protocol/query.js';
import type { Verification } from '../../protocol/verification.js';
import { checkQuery } from '../engine/check-query.js';
import { canonicalQuery, keyOf } from '../frames/query-key.js';
import { refuseComparison } from '../verify/verifier.js';
import { askServer } from './ask-server.js';
import { EXIT, usageError } from './exit-codes.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';
import { readLink, type Link } from './verify-link.js';
import { withLoaded, type LoadFlags } from './with-loaded.js';

export interface VerifyFlags extends LoadFlags {
  server?: string;
  token?: string;
  json?: boolean;
}

export interface VerifyOptions {
  terminal: Terminal;
  stop: AbortSignal;
}

/**
 * Proves the frame that a link names: asks the server of the link, or that of `--server`; with paths, loads these and
 * asks nobody. Gives 0 where every number is equal, 1 where one differs or nothing could be compared.
 */
export async function verify(
  text: string,
  paths: readonly string[],
  flags: VerifyFlags,
  { terminal, stop }: VerifyOptions,
): Promise<number> {
  const link = await readLink(text, (path) => readFile(resolve(terminal.cwd, path), 'utf8'));
  const server = flags.server ?? link.server;
  let verified: Verification;
  if (paths.length > 0) verified = await verifyHere(link, paths, flags, { terminal, stop });
  else if (server !== undefined) {
    const token = flags.token ?? terminal.env['HALFTONE_TOKEN'];
    verified = await verifyThere(link, { server, token, stop });
  } else {
    throw usageError(
      `"${printable(text)}" names no server.`,
      'Say which files it is about, or where it is served: halftone verify query.json data.csv, or --server http://127.0.0.1:8642.',
    );
  }
  terminal.out(flags.json === true ? `${JSON.stringify(verified, null, 2)}\n` : told(verified));
  return verified.verdict === 'equal' ? EXIT.ok : EXIT.failure;
}

/** Asks a server that runs. */
async function verifyThere(
  link: Link,
  { server, token, stop }: { server: string; token: string | undefined; stop: AbortSignal },
): Promise<Verification> {
  const hint = 'Is the server running? --server says where it is.';
  const ask = askServer({ server, token, hint, stop });
  const query = await link.query((name, snapshot) => {
    const pin = snapshot === undefined ? '' : `?snapshot=${encodeURIComponent(snapshot)}`;
    return ask<DatasetInfo>(`datasets/${encodeURIComponent(name)}${pin}`);
  });
  return ask<Verification>('verify', { body: query });
}

/** Loads files, and proves a frame of theirs. */
function verifyHere(
  link: Link,
  paths: readonly string[],
  flags: VerifyFlags,
  { terminal, stop }: VerifyOptions,
): Promise<Verification> {
  const memoryLimit = Math.floor(terminal.totalMemory / 2);
  const options = { terminal, stop, memoryLimit };
  return withLoaded(paths, flags, options, async ({ catalog, services }) => {
    const asked: Query = checkQuery(await link.query(async (name) => catalog.get(name)));
    refuseComparison(asked);
    // The link's snapshot was another server's, and what is proved is the exact answer.
    const { quality: _, ...query } = canonicalQuery(asked);
    const snapshot = catalog.snapshot(query.dataset);
    const frame = await services.engine.frame(snapshot, query, stop);
    const source = catalog.boundSource(query.dataset);
    return services.verifier.verify({ source, snapshot, query, key: keyOf(query), frame }, stop);
  });
}

/** A verdict as a person reads it. */
export function told(verified: Verification): string {
  const { sentence, dataset, mark, method, differences, differ, tolerance, shared, rows, ms } =
    verified;
  const lines = [
    sentence,
    `  ${printable(dataset)}, ${mark} (${method}); ${rows.toLocaleString('en')} rows read from the source in ${(ms / 1000).toFixed(1)} s`,
    ...differences.map(
      ({ where, ours, sql }) =>
        `  ${printable(where, 200)}: ${printable(String(ours))}, SQL says ${printable(String(sql))}`,
    ),
    ...(differ > differences.length ? [`  and ${differ - differences.length} more`] : []),
    ...tolerance.map((words) => `  tolerance: ${words}`),
    ...shared.map((words) => `  not proved: ${words}`),
  ];
  return `${lines.join('\n')}\n`;
}
