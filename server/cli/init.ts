import { existsSync, statSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { columnNamesOf } from '../loader/csv/detect-csv.js';
import { expandPath } from '../loader/sources/expand-path.js';
import { kindOfFile } from '../loader/sources/source-kind.js';
import { NameGiver, nameOfFile, nameOfFolder } from '../loader/sources/source-name.js';
import { usageError } from './exit-codes.js';
import { CONFIG_FILE } from './find-configuration.js';
import type { Terminal } from './terminal.js';

/** Where an installed package has the schema, and where this one has it. */
const INSTALLED_SCHEMA = './node_modules/halftone/schema.json';
const OWN_SCHEMA = fileURLToPath(new URL('../../../schema.json', import.meta.url));

/** `halftone init [paths…]`: writes a commented `halftone.yaml` for the files that are named. Never writes over one. */
export function init(paths: readonly string[], { cwd, out }: Pick<Terminal, 'cwd' | 'out'>): void {
  const target = resolve(cwd, CONFIG_FILE);
  if (existsSync(target)) {
    throw usageError(`There is a ${CONFIG_FILE} here already.`, 'Edit it, or move it away first.');
  }
  const names = new NameGiver();
  const datasets = paths.map((path) => describePath(path, cwd, names));
  const schema = existsSync(resolve(cwd, INSTALLED_SCHEMA)) ? INSTALLED_SCHEMA : OWN_SCHEMA;
  writeFileSync(target, textOf(datasets, schema), { flag: 'wx' });
  out(`${CONFIG_FILE} was written. Start with: halftone\n`);
}

interface Described {
  name: string;
  files: string;
  isCsv: boolean;
  /** Some of its columns, where they can be told without a look at the rows. */
  columns: readonly string[];
}

function describePath(path: string, cwd: string, names: NameGiver): Described {
  const { files, root } = expandPath(path, cwd);
  const kind = kindOfFile(files[0]!);
  const isFolder = statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() === true;
  const full = resolve(cwd, path);
  const inside = relative(cwd, full);
  // Elsewhere a path from the root says better where it is.
  const shown = inside === '' || inside.startsWith('..') ? full : inside;
  return {
    name: names.give(root === undefined ? nameOfFile(files[0]!) : nameOfFolder(root), path),
    files: `${shown.split(sep).join('/')}${isFolder ? '/' : ''}`,
    isCsv: kind === 'csv',
    columns: kind === 'csv' ? columnNamesOf(files[0]!, {}).slice(0, 2) : [],
  };
}

function textOf(datasets: readonly Described[], schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# What Halftone serves: start it with \`halftone\` in this folder. All options: docs/reference/config.md,
# or completion in an editor. Check with \`halftone validate\`. Changes come into force while it runs.
version: 1

datasets:
${datasets.length === 0 ? EXAMPLE : datasets.map(datasetText).join('\n')}
# server:
#   host: 0.0.0.0                        # beyond this machine it needs a token
#   port: 8642
#   token: "\${env:HALFTONE_TOKEN}"       # secrets stand in the environment, or in a file: \${file:token.txt}
#   allowHosts: [viz.example.org]

# cache:
#   dir: .cache
#   memory: 50%
`;
}

/** Notes begin at this column where they can. */
const NOTES_AT = 40;

const EXAMPLE = `  # taxi:
  #   files: trips/*.parquet             # a file, a folder, a glob, or a list of them
  #   columns: { zip: text }             # types said, not guessed
  #   hide: [ssn]                        # columns that are never stored, cached or served
`;

function datasetText({ name, files, isCsv, columns }: Described): string {
  const [first = 'zip', second = 'ssn'] = columns.map((column) => scalar(column));
  return [
    `  ${scalar(name)}:`,
    `    files: ${scalar(files)}`,
    ...(isCsv ? ['    # csv: { delimiter: ";", decimal: ",", nulls: ["N/A"] }'] : []),
    noted(`    # columns: { ${first}: text }`, 'types said, not guessed'),
    noted(`    # hide: [${second}]`, 'columns that are never stored, cached or served'),
    noted('    # timeZone: Europe/Berlin', 'where times without an offset were written'),
    '',
  ].join('\n');
}

const noted = (line: string, note: string): string => `${line.padEnd(NOTES_AT)} # ${note}`;

/** A text as YAML, in quotes where it needs them: also within braces and brackets. */
function scalar(text: string): string {
  const plain = stringify(text, { lineWidth: 0 }).trimEnd();
  return /^[\w.*/ -]+$/u.test(plain) && plain === text ? plain : JSON.stringify(text);
}
