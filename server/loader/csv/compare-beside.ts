import { statSync } from 'node:fs';
import type { CsvLedger } from './ledger.js';
import type { CsvPart } from './prepare-part.js';
import { startScan } from './start-scan.js';

/** A file that is held against the bytes that were read of it before, in a thread of its own. */
export interface Comparison {
  /** Bytes of the file when it was begun. */
  size: number;
  /** No records: whether the bytes are others (`isOther`), and the digest of the file as it is now. */
  ledger: Promise<CsvLedger>;
  stop(): void;
}

/**
 * Begins to hold a file against what it was, while others find out how it is to be read today. Undefined where it can be seen at
 * once that it is another.
 */
export function compareBeside(
  { path, plainPath, plainBytes, file }: CsvPart,
  { digest }: Pick<CsvLedger, 'digest'>,
): Comparison | undefined {
  const { size } = statSync(path);
  if (plainPath !== path || size < plainBytes || digest === undefined) return undefined;
  const prefix = { path, name: file, bytes: plainBytes, digest, size };
  const scan = startScan([{ prefix }], { untilOdd: true });
  const ledger = scan.ledgers.then(([one]) => one!);
  // Whoever waits for it hears of it.
  ledger.catch(() => undefined);
  return { size, ledger, stop: () => scan.stop() };
}
