import { wasm, type WasmMemory } from './webassembly.js';

/** 64 MiB of address space a thread; pages that nothing touches are never made resident. */
const MEMORY_PAGES = 1024;
/** The start is left to the kernels' own constants. */
const FIRST_BYTE = 65_536;

/**
 * The memory that kernels compute in: blocks of columns are copied here from shared memory. It never grows, so
 * the views it hands out stay good until `reset`. One a thread; a thread runs one task at a time.
 */
export class Arena {
  readonly memory: WasmMemory = new wasm.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  #start = FIRST_BYTE;
  #top = FIRST_BYTE;

  /** Forgets everything handed out but what is reserved: a task starts with it. */
  reset(): void {
    this.#top = this.#start;
  }

  /** Sets bytes apart for ever, for the kernels' own use; returns their address. */
  reserve(bytes: number): number {
    if (this.#top !== this.#start)
      throw new Error('Memory can be reserved only before it is handed out.');
    const address = this.#take(bytes);
    this.#start = this.#top;
    return address;
  }

  /** Bytes that can still be handed out. */
  get free(): number {
    return MEMORY_PAGES * 65_536 - this.#top;
  }

  u8(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, this.#take(length), length);
  }

  u16(length: number): Uint16Array<ArrayBuffer> {
    return new Uint16Array(this.memory.buffer, this.#take(length * 2), length);
  }

  i32(length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, this.#take(length * 4), length);
  }

  u32(length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer, this.#take(length * 4), length);
  }

  f32(length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, this.#take(length * 4), length);
  }

  f64(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer, this.#take(length * 8), length);
  }

  i64(length: number): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.memory.buffer, this.#take(length * 8), length);
  }

  #take(bytes: number): number {
    const offset = this.#top;
    // Whole cache lines, and one more for what a kernel writes beyond the last row.
    this.#top += Math.ceil(bytes / 64) * 64 + 64;
    if (this.free < 0)
      throw new Error(`A task asked for ${bytes} bytes more than a kernel's memory holds.`);
    return offset;
  }
}
