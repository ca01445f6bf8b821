// Compiles the kernels of a scan into dist/workers/kernels/kernels.wasm.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, runPackage } from './prepare.mjs';

export function buildKernels(
  source = join('workers', 'kernels', 'assembly', 'kernels.ts'),
  folder = join(ROOT, 'dist', 'workers', 'kernels'),
) {
  mkdirSync(folder, { recursive: true });
  const flags = [
    '--enable',
    'simd',
    '--enable',
    'nontrapping-f2i',
    '--runtime',
    'stub',
    '--importMemory',
    '-O3',
    '--noAssert',
  ];
  const outFile = join(folder, 'kernels.wasm');
  runPackage('assemblyscript/bin/asc.js', [source, '--outFile', outFile, ...flags]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  buildKernels();
}
