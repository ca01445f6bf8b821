// `npm run bench [-- NAME …] [-- --write]`: runs the benches one after the other and prints one table; `--write` puts
// their rows into docs/benchmarks.md, where those of other benches stay.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, ensureBuilt, ensureInstalled, runPackage } from '../../server/prepare.mjs';

ensureInstalled();
ensureBuilt();
const { runnerImport } = await import('vite');

const folder = join(ROOT, 'test', 'bench');
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--'));
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length));
const unknown = [
  ...wanted.filter((name) => !all.includes(name)),
  ...args.filter((arg) => arg.startsWith('--') && arg !== '--write'),
];
if (unknown.length > 0) {
  console.error(`No bench or option named ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(2);
}
const names = wanted.length === 0 ? all : wanted;

const date = new Date().toISOString().slice(0, 10);
const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const HEAD = ['what', 'against', 'measured', 'bar', 'met', 'gate', 'detail'];
const line = (cells) => `| ${cells.join(' | ')} |`;
console.log(`${date} · ${machine} · load ${loadavg()[0].toFixed(1)}\n`);
console.log(`${line(HEAD)}\n${line(HEAD.map(() => '---'))}`);

let failed = 0;
for (const name of names) {
  const rows = [];
  try {
    const { module } = await runnerImport(join(folder, `${name}.bench.ts`), { configFile: false });
    await module.run((result) => {
      const row = line(cellsOf(result));
      rows.push(row);
      console.log(row);
    });
    if (args.includes('--write')) write(name, rows);
  } catch (error) {
    failed++;
    console.error(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
process.exit(failed === 0 ? 0 : 1);

function cellsOf({ name, against, value, unit, bar, want, gate, detail }) {
  const met = want === 'at most' ? value <= bar : value >= bar;
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return [
    name,
    against,
    `${value.toFixed(digits)} ${unit}`,
    `${want} ${bar} ${unit}`,
    met ? 'yes' : '**no**',
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
    `${date} · ${machine}`,
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
