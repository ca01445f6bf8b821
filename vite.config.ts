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
 * Has the browser fetch the chart's code beside the page's own, and Plotly's behind both: scripts that ask for them would do so
 * one trip later each.
 */
function preloadChart(): Plugin {
  const wanted = [
    { module: '/client/chart/chart.ts', fetchpriority: 'auto' },
    { module: '/plotly.js-basic-dist-min/plotly-basic.min.js', fetchpriority: 'low' },
  ];
  return {
    name: 'preload-chart',
    transformIndexHtml: (_html, { bundle = {} }) =>
      wanted.flatMap(({ module, fetchpriority }) =>
        Object.values(bundle)
          .filter((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(module))
          .map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: '', fetchpriority, href: `./${fileName}` },
            injectTo: 'head' as const,
          })),
      ),
  };
}
