import type { Socket } from 'node:net';
import { HalftoneError } from '../../../errors.js';

// A message of PostgreSQL, most significant byte first:
//   0: its kind, a letter
//   1: int32 length of all but the kind
//   5: its content

const HEAD_BYTES = 5;
const KIND = {
  copyData: 'd'.charCodeAt(0),
  commandComplete: 'C'.charCodeAt(0),
  errorResponse: 'E'.charCodeAt(0),
  readyForQuery: 'Z'.charCodeAt(0),
} as const;
/** What the data of a COPY begin with: eleven bytes, flags, and the length of an extension. */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Between its rows and its end: a row of -1 fields. */
const TRAILER_BYTES = 2;

/** An error that the database reports, by the letters of its protocol. */
export class DatabaseFault extends Error {
  /** SQLSTATE: five characters. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Sees one row: `bytes` from `from` to `end`. A promise is waited for before the next row. */
export type SeeRow = (bytes: Uint8Array, from: number, end: number) => Promise<void> | undefined;

/**
 * One `COPY … TO STDOUT (FORMAT binary)` over a connection on which nothing else is under way, and which nobody else reads until it
 * has ended. Each row is a message of its own.
 */
export class CopyOut {
  readonly #chunks: AsyncIterator<Buffer>;
  /** What has come and has not been seen. */
  #bytes: Buffer = Buffer.alloc(0);
  #hasSignature = false;
  #isTrailed = false;
  #told: number | undefined;
  #fault: DatabaseFault | undefined;
  #isDone = false;
  /** Rows and bytes that have come. */
  rows = 0;
  bytes = 0;

  /** `chunks` is what the socket receives. */
  constructor(socket: Pick<Socket, 'write'>, chunks: AsyncIterator<Buffer>, select: string) {
    const text = Buffer.from(`COPY (${select}\n) TO STDOUT (FORMAT binary)\0`);
    const head = Buffer.alloc(HEAD_BYTES);
    head.write('Q');
    head.writeInt32BE(4 + text.length, 1);
    this.#chunks = chunks;
    socket.write(Buffer.concat([head, text]));
  }

  /** Shows the rows that have come with the first bytes of data; `read` shows them once more. */
  async peek(see: (bytes: Uint8Array, from: number, end: number) => void): Promise<void> {
    for (;;) {
      const rows = this.#dataIn();
      for (const [from, end] of rows) see(this.#bytes, from, end);
      if (rows.length > 0 || this.#hasEnd()) return;
      await this.#more();
    }
  }

  /** Shows every row, and gives their number as the database counts it. Rejects where the connection ends before. */
  async read(see: SeeRow): Promise<number> {
    while (!this.#isDone) {
      await this.#take(see);
      if (!this.#isDone) await this.#more();
    }
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#told === undefined || !this.#isTrailed) throw lost();
    return this.#told;
  }

  async #more(): Promise<void> {
    const rest = this.#bytes;
    const parts = [rest];
    let size = rest.length;
    const needed = size < HEAD_BYTES ? HEAD_BYTES : 1 + rest.readUInt32BE(1);
    // A long message is put together once, not with each of its chunks.
    do {
      const { value, done } = await this.#chunks.next();
      if (done === true) throw lost();
      parts.push(value);
      size += value.length;
      this.bytes += value.length;
    } while (size < needed);
    this.#bytes = rest.length === 0 && parts.length === 2 ? parts[1]! : Buffer.concat(parts, size);
  }

  /** Takes the messages that have come whole. */
  async #take(see: SeeRow): Promise<void> {
    const bytes = this.#bytes;
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES && !this.#isDone) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === KIND.copyData) {
        const from = this.#rowIn(bytes, at + HEAD_BYTES, end);
        if (from >= 0) {
          this.rows++;
          const waited = see(bytes, from, end);
          if (waited !== undefined) await waited;
        }
      } else this.#takeOther(bytes, at, end);
      at = end;
    }
    this.#bytes = bytes.subarray(at);
  }

  /** Where the row of a message of data begins; -1 where it has none. */
  #rowIn(bytes: Buffer, from: number, end: number): number {
    let at = from;
    if (!this.#hasSignature) {
      this.#hasSignature = true;
      at = afterSignature(bytes, from);
    }
    if (end - at === TRAILER_BYTES && bytes.readInt16BE(at) === -1) {
      this.#isTrailed = true;
      return -1;
    }
    return at < end ? at : -1;
  }

  #takeOther(bytes: Buffer, at: number, end: number): void {
    const content = bytes.subarray(at + HEAD_BYTES, end);
    if (bytes[at] === KIND.commandComplete) {
      this.#told = Number(/^COPY (\d+)/u.exec(content.toString('latin1'))?.[1]);
    } else if (bytes[at] === KIND.errorResponse) this.#fault = faultOf(content);
    else if (bytes[at] === KIND.readyForQuery) this.#isDone = true;
    // A fatal error is the last word.
    if (this.#fault !== undefined && /^(?:57P|08)/u.test(this.#fault.code)) this.#isDone = true;
  }

  /** The rows of the messages of data that have come whole. */
  #dataIn(): [from: number, end: number][] {
    const bytes = this.#bytes;
    const found: [number, number][] = [];
    let isFirst = true;
    for (let at = 0; bytes.length - at >= HEAD_BYTES;) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === KIND.copyData) {
        const from = isFirst ? afterSignature(bytes, at + HEAD_BYTES) : at + HEAD_BYTES;
        if (end - from > TRAILER_BYTES) found.push([from, end]);
        isFirst = false;
      }
      at = end;
    }
    return found;
  }

  #hasEnd(): boolean {
    const bytes = this.#bytes;
    for (let at = 0; bytes.length - at >= HEAD_BYTES; at += 1 + bytes.readUInt32BE(at + 1)) {
      if (bytes[at] === KIND.commandComplete || bytes[at] === KIND.errorResponse) return true;
    }
    return false;
  }
}

function afterSignature(bytes: Buffer, from: number): number {
  const at = from + SIGNATURE.length;
  if (!bytes.subarray(from, at).equals(SIGNATURE)) {
    throw new HalftoneError('SOURCE_CORRUPT', 'What PostgreSQL sent is no binary COPY.');
  }
  return at + 8 + bytes.readUInt32BE(at + 4);
}

/** Fields of an error: a letter and a text that ends with 0, each. */
function faultOf(content: Buffer): DatabaseFault {
  const fields = new Map(
    content
      .toString('utf8')
      .split('\0')
      .map((field) => [field[0], field.slice(1)] as const),
  );
  return new DatabaseFault(fields.get('C') ?? '', fields.get('M') ?? 'unknown error');
}

/** The connection has ended too early: no message says why. */
function lost(): Error {
  return Object.assign(new Error('The connection has ended.'), { code: 'ECONNRESET' });
}
