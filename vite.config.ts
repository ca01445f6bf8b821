import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { rememberFewerLabels } from './server/fewer-labels.mjs';

export default defineConfig({
  root: 'client',
  // Relative, because the server may stand behind any base path; it writes the <base> element.
  base: './',
  plugins: [preloadChart(), rememberFewerLabels()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    // What cannot preload modules fetches them when they are asked for.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The page and the chart a script each, with all that they import: by default what other scripts share with them would
        // be a dozen more, which compress worse and are asked for one trip later.
        codeSplitting: {
          groups: [
            { name: 'shell', test: /client\/main\.tsx$/, priority: 2 },
            { name: 'chart', test: /client\/chart\/chart\.ts$/, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': 'http://127.0.0.1:8642' } },
  test: {
    root: '.',
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/helpers/build-kernels.ts', 'test/helpers/temporary-root.ts'],
    // Limits against hanging, not against slowness: a busy machine must not fail a test.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});

/**
 * Has the browser fetch the chart's code with what it imports beside the page's own, and Plotly's behind both: scripts that ask
 * for them would do so one trip later each.
 */
function preloadChart(): Plugin {
  const wanted = [
    { module: '/client/chart/chart.ts', fetchpriority: 'auto' },
    { module: '/plotly.js-basic-dist-min/plotly-basic.min.js', fetchpriority: 'low' },
  ];
  return {
    name: 'preload-chart',
    transformIndexHtml: (html, { bundle = {} }) => {
      const named = (fileName: string): boolean => html.includes(fileName);
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const links = wanted.flatMap(({ module, fetchpriority }) =>
        chunks
          .filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)))
          .flatMap(({ fileName, imports }) => [fileName, ...imports])
          .map((fileName) => ({ fileName, fetchpriority })),
      );
      return links
        .filter(
          ({ fileName }, at) =>
            !named(fileName) && links.findIndex((link) => link.fileName === fileName) === at,
        )
        .map(({ fileName, fetchpriority }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: '', fetchpriority, href: `./${fileName}` },
          injectTo: 'head' as const,
        }));
    },
  };
}
