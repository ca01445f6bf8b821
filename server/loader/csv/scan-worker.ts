import { parentPort } from 'node:worker_threads';
import { HalftoneError } from '../../errors.js';
import { STRETCH_BYTES, isClean, type CsvLedger } from './ledger.js';
import { normaliseCsv } from './normalise-csv.js';
import { loadScanKernel } from './scan-kernel.js';
import { scanCsv } from './scan-csv.js';
import type { ScanReply, ScanRequest } from './start-scan.js';

// A thread that scans, or copies, the files of a load one after the other, load after load.
const say = (reply: ScanReply): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origins
  parentPort!.postMessage(reply);
};
const kernel = loadScanKernel(STRETCH_BYTES);

function run({ jobs, untilOdd, stop }: ScanRequest): CsvLedger[] {
  const ledgers: CsvLedger[] = [];
  let before = 0;
  for (const { task, copyTo, mixed } of jobs) {
    let bytes = 0;
    const onBytes = (done: number, sofar: CsvLedger): boolean => {
      bytes = done;
      say({ bytes: before + done });
      return Atomics.load(stop, 0) === 0 && (!untilOdd || isClean(sofar));
    };
    const ledger =
      copyTo === undefined
        ? scanCsv(task, kernel, { onBytes })
        : normaliseCsv(task, mixed === true ? null : kernel, copyTo, onBytes);
    before += bytes;
    ledgers.push(ledger);
    if (untilOdd && !isClean(ledger)) break;
  }
  return ledgers;
}

parentPort!.on('message', (request: ScanRequest) => {
  try {
    say({ ledgers: run(request) });
  } catch (error) {
    const { code, message, details } =
      error instanceof HalftoneError
        ? error
        : new HalftoneError('SOURCE_UNREADABLE', (error as Error).message);
    say({ refused: { code, message, details: { ...details, cause: undefined } } });
  }
});
