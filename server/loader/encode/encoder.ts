import type { Worker } from 'node:worker_threads';
import { HalftoneError } from '../../errors.js';
import type { ManifestSegment } from '../../snapshots/manifest.js';
import { KeptThread } from '../kept-thread.js';
import { Staging } from '../staging.js';
import type { ColumnSummary } from './encoded.js';
import type { EncodingState, FromEncoder, TableToEncode, ToEncoder } from './messages.js';

export interface EncoderOptions extends TableToEncode {
  batchRows: number;
  /** Bytes of strings that close a batch before it is full, per column. */
  maxTextBytes: number;
}

export interface EncoderResult {
  /** Those that were written here. */
  segments: ManifestSegment[];
  /** Of all rows, resumed ones too; so is the state. */
  summaries: ColumnSummary[];
  state: EncodingState;
}

/** One batch is filled while another one is encoded. */
const STAGINGS = 2;

const threads = new KeptThread(new URL('./thread.js', import.meta.url));

/** The encoding thread of one pull, seen from the thread that pulls. */
export class Encoder {
  readonly #worker: Worker;
  readonly #newStaging: () => Staging;
  readonly #stagings: Staging[] = [];
  readonly #free: number[] = [];
  #wake: (() => void) | undefined;
  #failure: Error | undefined;
  #result: EncoderResult | undefined;
  #isClosed = false;

  constructor({ batchRows, maxTextBytes, ...table }: EncoderOptions) {
    const lanes = table.columns.map(({ lane }) => lane);
    this.#newStaging = () => new Staging(lanes, batchRows, maxTextBytes);
    this.#worker = threads.take();
    this.#worker.on('message', (message: FromEncoder) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('The encoding thread ended early.')));
    this.#post({ type: 'open', table });
  }

  /** An empty batch to fill; waits until one is free. */
  async take(): Promise<Staging> {
    // A table of few rows needs one.
    if (this.#free.length === 0 && this.#stagings.length < STAGINGS)
      this.#free.push(this.#stagings.push(this.#newStaging()) - 1);
    await this.#until(() => this.#free.length > 0);
    const staging = this.#stagings[this.#free.pop()!]!;
    staging.clear();
    return staging;
  }

  /** Hands a filled batch over. */
  send(staging: Staging): void {
    this.#post({ type: 'batch', index: this.#stagings.indexOf(staging), batch: staging.batch });
  }

  /** Waits until everything is on disk. */
  async finish(): Promise<EncoderResult> {
    this.#post({ type: 'finish' });
    await this.#until(() => this.#result !== undefined);
    return this.#result!;
  }

  /** Lets the thread go; one that has not come to the end of its table is ended. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#result !== undefined && this.#failure === undefined) threads.leave(this.#worker);
    else await this.#worker.terminate();
  }

  #post(message: ToEncoder): void {
    this.#worker.postMessage(message);
  }

  async #until(isReady: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (isReady()) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #receive(message: FromEncoder): void {
    if (message.type === 'encoded') this.#free.push(message.index);
    else if (message.type === 'finished') this.#result = message;
    else this.#failure = toError(message);
    this.#wake?.();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

function toError({ message, code }: Extract<FromEncoder, { type: 'failed' }>): Error {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HalftoneError('DISK_FULL', 'There is no room left on the disk of the cache.', {
      hint: 'Free some space, or choose another place with --cache-dir.',
    });
  }
  return new Error(message);
}
