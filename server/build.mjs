// Builds everything into dist/: compiled TypeScript, WebAssembly kernels, the page; and the schema of the configuration.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCsvKernel } from './build-csv-kernel.mjs';
import { codeAssets } from './code-assets.mjs';
import { ROOT, markBuilt, runPackage } from './prepare.mjs';

const startedAt = Date.now();
runPackage('typescript/bin/tsc', ['-b', 'protocol', 'workers', 'server', 'client']);
if (existsSync(join(ROOT, 'server', 'build-kernels.mjs'))) {
  const { buildKernels } = await import('./build-kernels.mjs');
  buildKernels();
}
buildCsvKernel();
runPackage('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
codeAssets(join(ROOT, 'dist', 'client', 'assets'));
const { buildEmbed } = await import('./build-embed.mjs');
await buildEmbed();
const { bundleServer } = await import('./bundle.mjs');
await bundleServer();
const { configJsonSchema } = await import('../dist/server/config/json-schema.js');
writeFileSync(join(ROOT, 'schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
markBuilt(startedAt);
