// `npm run bench [-- NAME …]`: runs the benches one after the other and prints one table.
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, ensureBuilt, ensureInstalled } from '../../server/prepare.mjs';

ensureInstalled();
ensureBuilt();
const { runnerImport } = await import('vite');

const folder = join(ROOT, 'test', 'bench');
const wanted = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.slice(0, -'.bench.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${new Date().toISOString().slice(0, 10)} · ${machine}\n`);
console.log('| what | against | measured | bar | | gate | detail |\n|---|---|---|---|---|---|---|');

let failed = 0;
for (const name of names) {
  try {
    const { module } = await runnerImport(join(folder, `${name}.bench.ts`), { configFile: false });
    await module.run((result) => {
      const met =
        result.want === 'at most' ? result.value <= result.bar : result.value >= result.bar;
      const figure = `${result.value.toFixed(result.value < 10 ? 2 : result.value < 100 ? 1 : 0)} ${result.unit}`;
      const bar = `${result.want} ${result.bar} ${result.unit}`;
      console.log(
        `| ${result.name} | ${result.against} | ${figure} | ${bar} | ${met ? 'met' : 'MISSED'} | ${result.gate} | ${result.detail} |`,
      );
    });
  } catch (error) {
    failed++;
    console.error(`${name}: ${error instanceof Error ? error.stack : error}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
