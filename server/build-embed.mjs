// Builds what pages elsewhere load: dist/client/embed/client.js and elements.js, with their declarations in dist/types.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { codeAssets } from './code-assets.mjs';
import { rememberFewerLabels } from './fewer-labels.mjs';
import { ROOT } from './prepare.mjs';

const FOLDER = join(ROOT, 'dist', 'client', 'embed');

export async function buildEmbed() {
  await build({
    configFile: false,
    root: join(ROOT, 'client'),
    // Relative: the files lie wherever somebody serves them from.
    base: './',
    logLevel: 'warn',
    publicDir: false,
    plugins: [rememberFewerLabels()],
    build: {
      outDir: FOLDER,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 1500,
      rolldownOptions: {
        input: {
          client: join(ROOT, 'client', 'embed', 'index.ts'),
          elements: join(ROOT, 'client', 'embed', 'elements.ts'),
        },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  });
  codeAssets(FOLDER);
  codeAssets(join(FOLDER, 'chunks'));
  // The client's declarations say ../../protocol, as its sources do.
  cpSync(join(ROOT, 'dist', 'protocol'), join(ROOT, 'dist', 'types', 'protocol'), {
    recursive: true,
    filter: (path) => !/\.(js|map|tsbuildinfo)$/u.test(path),
  });
}
