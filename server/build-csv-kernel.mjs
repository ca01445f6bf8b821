// Compiles the kernel that scans CSV into dist/server/loader/csv/scan.wasm.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runPackage } from './prepare.mjs';

export function buildCsvKernel() {
  const folder = join(ROOT, 'dist', 'server', 'loader', 'csv');
  mkdirSync(folder, { recursive: true });
  const source = join('server', 'loader', 'csv', 'kernel', 'scan.ts');
  const flags = ['--enable', 'simd', '--runtime', 'stub', '-O3', '--noAssert'];
  const outFile = join(folder, 'scan.wasm');
  runPackage('assemblyscript/bin/asc.js', [source, '--outFile', outFile, ...flags]);
}
