// Brings the compiled server together: dist/bundle has a file for each process and thread, and for what they share. A start
// then reads a dozen files where it read six hundred. Packages that read files beside their own, or are native, stay outside.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './prepare.mjs';

const DIST = join(ROOT, 'dist');
const FOLDER = join(DIST, 'bundle');
const ENTRIES = {
  'command-line': 'server/command-line.js',
  tasks: 'workers/tasks.js',
  child: 'server/loader/child.js',
  'encode-thread': 'server/loader/encode/thread.js',
  'scan-worker': 'server/loader/csv/scan-worker.js',
};
const EXTERNAL = [
  '@duckdb/node-api',
  '@duckdb/node-bindings',
  '@fastify/swagger-ui',
  'piscina',
  // Fastify would ask for it if it had no serializer of ours.
  '@fastify/fast-json-stringify-compiler',
];

const inputs = Object.fromEntries(
  Object.entries(ENTRIES).map(([name, path]) => [name, join(DIST, ...path.split('/'))]),
);

const slashes = (path) => path.replaceAll('\\', '/');

/** Lets every module of ours believe that it still lies where it was compiled, and find the entries in the bundle. */
const ownAddress = {
  name: 'own-address',
  transform(code, id) {
    // Vite writes paths with slashes everywhere.
    if (!slashes(id).startsWith(slashes(DIST)) || !code.includes('import.meta.url')) return null;
    const address = (path) => `new URL(${JSON.stringify(path)}, BUNDLE_URL)`;
    const fromBundle = (path) => slashes(relative(FOLDER, path));
    return code
      .replaceAll(/new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\)/gu, (_, path) => {
        const target = join(dirname(id), path);
        const entry = Object.keys(inputs).find((name) => slashes(inputs[name]) === slashes(target));
        return address(entry === undefined ? fromBundle(target) : `./${entry}.js`);
      })
      .replaceAll('import.meta.url', `${address(fromBundle(id))}.href`)
      .replaceAll('BUNDLE_URL', 'import.meta.url');
  },
};

/** Bundles what `tsc` has compiled. */
export async function bundleServer() {
  const result = await build({
    configFile: false,
    root: DIST,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: EXTERNAL },
    plugins: [ownAddress],
    build: {
      ssr: true,
      outDir: FOLDER,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: inputs,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  writeFileSync(join(FOLDER, 'LICENSES.txt'), licensesOf(result.output));
}

/** The licences of the packages whose code went into the bundle, one after the other. */
function licensesOf(output) {
  const modules = output.flatMap(({ modules = {} }) => Object.keys(modules));
  const packages = new Set(
    modules.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/u.exec(id) ?? []),
  );
  return [...packages]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      );
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/iu.test(entry));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8')}`;
      return `${name} ${version} (${license})${text}`;
    })
    .join('\n\n---\n\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await bundleServer();
}
