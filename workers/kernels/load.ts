import { existsSync, readFileSync } from 'node:fs';
import type { Arena } from './arena.js';
import type { Kernels } from './kernels.js';
import { wasmKernels } from './wasm.js';
import { wasm } from './webassembly.js';

// Beside the compiled file; tests run the source, and take what was built.
const PLACES = ['./kernels.wasm', '../../dist/workers/kernels/kernels.wasm'];

const known = new WeakMap<Arena, Kernels>();

/** The kernels that work in the memory of `arena`; compiled once a thread. */
export function kernelsFor(arena: Arena): Kernels {
  let kernels = known.get(arena);
  if (kernels === undefined) {
    kernels = wasmKernels(new wasm.Module(kernelBytes()), arena);
    known.set(arena, kernels);
  }
  return kernels;
}

function kernelBytes(): Uint8Array {
  const file = PLACES.map((place) => new URL(place, import.meta.url)).find((url) =>
    existsSync(url),
  );
  if (file === undefined) {
    throw new Error('The compiled kernels are missing: run "npm run build" first.');
  }
  return readFileSync(file);
}
