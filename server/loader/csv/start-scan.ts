import { HalftoneError, type ErrorCode, type ErrorDetails } from '../../errors.js';
import { KeptThread } from '../kept-thread.js';
import type { CsvLedger } from './ledger.js';
import type { ScanTask } from './scan-csv.js';

/** One file to scan, or to copy row by row into `copyTo` as `normaliseCsv` does. */
export interface ScanJob {
  task: ScanTask;
  copyTo?: string;
  /** Lines end in different ways: the copy has to be written field by field. */
  mixed?: boolean;
}

/** What the thread is told; a word other than 0 in `stop` ends it at the next stretch. */
export interface ScanRequest {
  jobs: readonly ScanJob[];
  /** End with the first file that is not clean, as soon as it shows. */
  untilOdd: boolean;
  stop: Int32Array<SharedArrayBuffer>;
}

export interface ScanReply {
  bytes?: number;
  ledgers?: CsvLedger[];
  refused?: { code: ErrorCode; message: string; details: ErrorDetails };
}

export interface RunningScan {
  /** One a file in order; with `untilOdd` up to the first that is not clean. */
  readonly ledgers: Promise<CsvLedger[]>;
  stop(): void;
}

export interface ScanStart {
  untilOdd: boolean;
  /** Called with the bytes done so far of all files together. */
  onBytes?: ((bytes: number) => void) | undefined;
}

const threads = new KeptThread(workerFile());

/** Scans files in a thread of their own, beside the load they are to prove. */
export function startScan(jobs: readonly ScanJob[], { untilOdd, onBytes }: ScanStart): RunningScan {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = threads.take();
  const ledgers = new Promise<CsvLedger[]>((resolve, reject) => {
    worker.on('message', ({ bytes, ledgers, refused }: ScanReply) => {
      if (bytes !== undefined) onBytes?.(bytes);
      if (ledgers === undefined && refused === undefined) return;
      threads.leave(worker);
      if (ledgers !== undefined) resolve(ledgers);
      if (refused) reject(new HalftoneError(refused.code, refused.message, refused.details));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('The scan ended without an answer.')));
  });
  worker.postMessage({ jobs, untilOdd, stop } satisfies ScanRequest);
  // Whoever waits for it hears of it; a pull that fails first never asks.
  ledgers.catch(() => undefined);
  return { ledgers, stop: () => void Atomics.store(stop, 0, 1) };
}

/** Threads run what was compiled, even where this file is run as it was written. */
function workerFile(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/server/loader/csv/scan-worker.js', import.meta.url)
    : new URL('scan-worker.js', import.meta.url);
}
