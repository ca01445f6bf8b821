import type { Arena } from './arena.js';
import type { Kernels } from './kernels.js';
import { plainKernels } from './plain.js';

/** The kernels that work in the memory of `arena`. */
export function kernelsFor(_arena: Arena): Kernels {
  return plainKernels;
}
