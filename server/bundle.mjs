// Brings the compiled server together: dist/bundle has a file for each process and thread, with the bytecode of what its
// start needs (run-cached.cjs). A start then reads a dozen files where it read six hundred. Packages that read files beside
// their own, or are native, stay outside.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  // Read only where a dataset comes from PostgreSQL.
  'pg',
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

/** What packages ask for at their start and use only with settings that are not ours: it stays out, and no start pays for it. */
const UNUSED = [
  // @fastify/static: where it has `wildcard: false`.
  'glob',
  // prom-client: where it has `enableExemplars`.
  '@opentelemetry/api',
];

const withoutUnused = {
  name: 'without-unused',
  enforce: 'pre',
  resolveId: (id) => (UNUSED.includes(id) ? `\0unused:${id}` : null),
  load: (id) => (id.startsWith('\0unused:') ? 'export default {};' : null),
};

/** Bundles what `tsc` has compiled. */
export async function bundleServer() {
  rmSync(FOLDER, { recursive: true, force: true });
  const outputs = [];
  for (const name of Object.keys(ENTRIES)) outputs.push(...(await bundleEntry(name)));
  for (const file of ['run-cached.cjs', 'keep-bytecode.cjs'])
    cpSync(join(ROOT, 'server', file), join(FOLDER, file));
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(FOLDER, 'LICENSES.txt'), licensesOf(outputs));
  keepBytecode();
}

/** NAME.cjs has all that an entry imports, NAME.js runs it. */
async function bundleEntry(name) {
  const { output } = await build({
    configFile: false,
    root: DIST,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: EXTERNAL },
    plugins: [ownAddress, withoutUnused],
    build: {
      ssr: true,
      outDir: FOLDER,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        input: { [name]: inputs[name] },
        // A package outside of which nothing is used would be loaded all the same: DuckDB, in the main process.
        treeshake: { moduleSideEffects: (_id, isExternal) => !isExternal },
        output: {
          format: 'cjs',
          codeSplitting: false,
          // What runs from bytecode cannot import, only require.
          dynamicImportInCjs: false,
          entryFileNames: '[name].cjs',
        },
      },
    },
  });
  writeFileSync(
    join(FOLDER, `${name}.js`),
    `module.exports = require('./run-cached.cjs').runCached(require.resolve('./${name}.cjs')).exports;\n`,
  );
  return output;
}

/** Runs the server and the tasks of its threads once. Without their bytecode everything works, only later. */
function keepBytecode() {
  const cacheDir = mkdtempSync(join(tmpdir(), 'halftone-build-'));
  const sample = join(ROOT, 'data', 'seattle-weather.csv');
  const runs = [
    ['command-line', sample, '--port', '0', '--no-open', '--cache-dir', cacheDir],
    ['tasks'],
  ];
  for (const [name, ...args] of runs) {
    const { status } = spawnSync(
      process.execPath,
      [join(FOLDER, 'keep-bytecode.cjs'), name, ...args],
      { stdio: 'ignore', timeout: 60_000 },
    );
    if (status !== 0) console.error(`No bytecode was kept of ${name}: it starts a little later.`);
  }
  rmSync(cacheDir, { recursive: true, force: true });
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
