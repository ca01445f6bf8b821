import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Finding } from '../../../protocol/dataset.js';
import { isGzip, readHead } from '../csv/read-sample.js';
import { shortened } from '../shortened.js';

/** No more findings are listed; all are counted. */
const MAX_FINDINGS = 1000;

/** What became of every line of a JSON-lines file that is not empty: `lines = rows + setAside`. */
export interface MendedJson {
  lines: number;
  rows: number;
  setAside: number;
  warnings: Finding[];
  findings: Finding[];
}

/**
 * Copies those lines of a JSON-lines file that are objects to `target`, and lists the others. Gives nothing where the
 * file has fewer objects than other lines: that is no JSON lines file with some bad lines in it.
 */
export async function mendJsonLines(
  path: string,
  target: string,
  signal: AbortSignal,
): Promise<MendedJson | undefined> {
  const file = basename(path);
  const mended: MendedJson = { lines: 0, rows: 0, setAside: 0, warnings: [], findings: [] };
  const input = createReadStream(path);
  const plain = isGzip(readHead(path, 2).bytes) ? input.pipe(createGunzip()) : input;
  const failed = new Promise<never>((_, reject) => {
    input.on('error', reject);
    plain.on('error', reject);
  });
  const out = createWriteStream(target);
  const copy = async (): Promise<void> => {
    let line = 0;
    for await (const text of createInterface({ input: plain, crlfDelay: Infinity })) {
      signal.throwIfAborted();
      line++;
      if (text.trim() === '') continue;
      mended.lines++;
      const fault = faultOf(line === 1 ? text.replace(/^\uFEFF/, '') : text);
      if (fault === undefined) {
        mended.rows++;
        if (!out.write(`${text}\n`)) await once(out, 'drain');
        continue;
      }
      mended.setAside++;
      if (mended.findings.length < MAX_FINDINGS) {
        const message = `${file}, line ${line}: set aside: ${fault}.`;
        mended.findings.push({ code: 'JSON_LINE', message, file, line, value: shortened(text) });
      }
    }
    out.end();
    await finished(out);
  };
  const copying = copy();
  // Whichever fails first ends the other, whose own failure nobody waits for.
  for (const promise of [copying, failed]) promise.catch(() => undefined);
  out.on('error', () => undefined);
  try {
    await Promise.race([copying, failed]);
  } finally {
    input.destroy();
    out.destroy();
  }
  if (mended.rows < mended.setAside) return undefined;
  mended.warnings.push(summary(mended, file));
  return mended;
}

function summary({ setAside, findings }: MendedJson, file: string): Finding {
  const count = setAside.toLocaleString('en');
  const what =
    setAside === 1 ? 'line that is no JSON object was' : 'lines that are no JSON objects were';
  const line = findings[0]?.line;
  return {
    code: 'JSON_LINE',
    message: `${file}: ${count} ${what} set aside, the first in line ${line ?? 1}.`,
    file,
    ...(line === undefined ? {} : { line }),
  };
}

/** Python writes these for numbers that are not finite, and DuckDB reads them. */
const NOT_FINITE = /(?<=[:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g;

function faultOf(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(NOT_FINITE, '0'));
  } catch {
    return 'it is no JSON';
  }
  if (Array.isArray(value)) return 'it is a list, not an object';
  return typeof value === 'object' && value !== null ? undefined : 'it is no object';
}
