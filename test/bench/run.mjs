// `npm run bench [-- NAME …] [-- --write] [-- --json]`: runs the benches one after the other and prints one table, or JSON;
// `--write` puts their rows into docs/benchmarks.md, where those of other benches stay.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, ensureBuilt, ensureInstalled, runPackage } from '../../server/prepare.mjs';
import { describeMachine } from './machine.mjs';

ensureInstalled();
ensureBuilt();
const { runnerImport } = await import('vite');

const OPTIONS = ['--write', '--json'];
/** Folders that `npm run build` compiles, each module to a file. */
const COMPILED = ['protocol', 'workers', 'server'];
const folder = join(ROOT, 'test', 'bench');
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length));
const unknown = [
  ...wanted.filter((name) => !all.includes(name)),
  ...args.filter((arg) => arg.startsWith('--') && !OPTIONS.includes(arg)),
];
if (unknown.length > 0) {
  console.error(`No bench or option named ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(2);
}
const names = wanted.length === 0 ? all : wanted;

const date = new Date().toISOString().slice(0, 10);
const machine = describeMachine();
const HEAD = ['what', 'against', 'measured', 'bar', 'met', 'touched', 'gate', 'detail'];
const line = (cells) => `| ${cells.join(' | ')} |`;
const print = args.includes('--json') ? () => {} : console.log;
print(`${date} · ${machine.words} · load ${loadavg()[0].toFixed(1)}\n`);
print(`${line(HEAD)}\n${line(HEAD.map(() => '---'))}`);

/** Takes what is measured from `dist`, as a server does: what the runner makes of a source runs slower by a third. */
const compiled = {
  name: 'compiled',
  enforce: 'pre',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null;
    const path = relative(ROOT, join(dirname(importer), source));
    if (!COMPILED.includes(path.split(sep)[0])) return null;
    return { id: pathToFileURL(join(ROOT, 'dist', path)).href, external: true };
  },
};

const results = [];
let failed = 0;
for (const name of names) {
  const rows = [];
  try {
    const { module } = await runnerImport(join(folder, `${name}.bench.ts`), {
      configFile: false,
      plugins: [compiled],
    });
    await module.run((result) => {
      const row = line(cellsOf(result));
      rows.push(row);
      results.push({ bench: name, ...result, met: isMet(result) });
      print(row);
    });
    if (args.includes('--write')) write(name, rows);
  } catch (error) {
    failed++;
    console.error(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
if (args.includes('--json')) console.log(JSON.stringify({ date, machine, results }, null, 2));
process.exit(failed === 0 ? 0 : 1);

function isMet({ value, bar, want }) {
  return want === 'at most' ? value <= bar : value >= bar;
}

function cellsOf(result) {
  const { name, against, value, unit, bar, want, bytesTouched, gate, detail } = result;
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return [
    name,
    against,
    `${value.toFixed(digits)} ${unit}`,
    `${want} ${bar} ${unit}`,
    isMet(result) ? 'yes' : '**no**',
    bytesTouched === undefined ? '' : `${(bytesTouched / 1e6).toPrecision(3)} MB`,
    gate,
    detail,
  ];
}

/** Puts the rows of a bench between its markers in docs/benchmarks.md. */
function write(name, rows) {
  if (process.env.HALFTONE_BENCH_ROWS !== undefined) {
    throw new Error('Figures of smaller tables are not written: unset HALFTONE_BENCH_ROWS.');
  }
  const file = join(ROOT, 'docs', 'benchmarks.md');
  const text = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`${file} has no place for ${name}: ${start} … ${end}.`);
  const table = [
    '',
    `${date} · ${machine.words}`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows,
    '',
  ];
  writeFileSync(
    file,
    `${text.slice(0, from + start.length)}\n${table.join('\n')}\n${text.slice(to)}`,
  );
  runPackage('prettier/bin/prettier.cjs', ['--write', '--log-level', 'warn', file]);
}
