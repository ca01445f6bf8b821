import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { HalftoneError } from '../../../../server/errors.js';
import {
  resolveSources,
  type ResolveOptions,
} from '../../../../server/loader/sources/resolve-sources.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder `trips` of its own with these files. */
function folderOf(files: Record<string, string | Uint8Array>): string {
  const cwd = join(mkdtempSync(join(tmpdir(), 'sources-')), 'trips');
  folders.push(dirname(cwd));
  mkdirSync(cwd);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
  return cwd;
}

async function resolve(
  files: Record<string, string | Uint8Array>,
  paths: string[],
  options: Partial<ResolveOptions> = {},
) {
  const cwd = folderOf(files);
  const { sources, warnings, problems } = await resolveSources(paths, {
    cwd,
    describe: () => Promise.reject(new Error('Nobody needs to know.')),
    ...options,
  });
  return {
    sources: sources.map(({ name, kind, files, united }) => ({
      name,
      kind,
      united,
      files: files.map((file) => file.slice(cwd.length + 1)),
    })),
    warnings: warnings.map(({ message }) => message),
    problems: problems.map(({ name, error }) => ({
      name,
      code: error.code,
      message: error.message,
      hint: error.details.hint,
    })),
    cwd,
  };
}

const CSV = 'a,b\n1,2\n';

test('names a dataset after its file, with .csv.gz as one extension', async () => {
  const { sources } = await resolve(
    { 'taxi.csv': CSV, 'b.2020.tsv': 'x\ty\n1\t2\n', 'c.csv.gz': gzipSync('k,l\n1,2\n') },
    ['taxi.csv', 'b.2020.tsv', 'c.csv.gz'],
  );
  expect(sources.map(({ name, kind, united }) => [name, kind, united])).toEqual([
    ['taxi', 'csv', false],
    ['b.2020', 'csv', false],
    ['c', 'csv', false],
  ]);
});

test('calls the second of two equal names name-2, with a warning', async () => {
  const { sources, warnings } = await resolve({ 'a.csv': CSV, 'x/a.csv': CSV }, [
    'a.csv',
    'x/a.csv',
  ]);
  expect(sources.map(({ name }) => name)).toEqual(['a', 'a-2']);
  expect(warnings).toEqual(['a.csv is called "a-2" here: there is a dataset "a" already.']);
});

test('makes files of one folder and one schema a dataset named after the folder', async () => {
  const files = { 'b.csv': CSV, 'a.csv': 'b,a\n1,2\n', 'other.csv': 'x,y\n1,2\n' };
  const { sources } = await resolve(files, ['b.csv', 'a.csv', 'other.csv']);
  expect(sources).toEqual([
    { name: 'trips', kind: 'csv', united: true, files: ['a.csv', 'b.csv'] },
    { name: 'other', kind: 'csv', united: false, files: ['other.csv'] },
  ]);
  const apart = await resolve(files, ['b.csv', 'a.csv', 'other.csv'], { separate: true });
  expect(apart.sources.map(({ name }) => name)).toEqual(['b', 'a', 'other']);
});

test('asks at once for the columns of files that only a loader may open, where others are beside them', async () => {
  const parquet = 'PAR1____PAR1';
  const names = ['a.parquet', 'b.parquet', 'c.parquet', 'bad.parquet', 'x/alone.parquet', 'd'];
  const files = [...names.slice(0, 5), 'd/e.parquet', 'd/f.parquet', 'd/g.parquet'];
  const columns: Record<string, string[]> = {
    a: ['i', 'k'],
    b: ['k', 'i'],
    c: ['i', 'l'],
    e: ['i', 'k'],
    f: ['i', 'j'],
    g: ['other'],
  };
  const asked: string[][] = [];
  const found = await resolve(Object.fromEntries(files.map((name) => [name, parquet])), names, {
    describe: async (some) => {
      asked.push(some.map(({ path }) => basename(path, '.parquet')));
      return some.map(
        ({ path }) =>
          columns[basename(path, '.parquet')] ??
          new HalftoneError('SOURCE_CORRUPT', `${basename(path)} is damaged.`),
      );
    },
  });
  expect(asked).toEqual([['a', 'b', 'c', 'bad', 'e', 'f', 'g']]);
  expect(found.sources.map(({ name, files: each }) => [name, each.length])).toEqual([
    ['trips', 2],
    ['c', 1],
    ['alone', 1],
    ['d', 2],
    ['g', 1],
  ]);
  expect(found.problems).toMatchObject([{ name: 'bad', message: 'bad.parquet is damaged.' }]);
});

test('makes a folder one dataset, in UTF-8 path order, without its hidden files', async () => {
  const { sources, problems } = await resolve(
    {
      'd/year=2021/ä.csv': CSV,
      'd/year=2020/z.csv': CSV,
      'd/year=2021/z.csv': 'a,b,c\n1,2,3\n',
      'd/_SUCCESS.csv': CSV,
      'd/.hidden/x.csv': CSV,
      'd/_notes/x.csv': CSV,
      'd/_key=1/x.csv': CSV,
      'd/year=2021/\uffee.csv': CSV,
      'd/year=2021/😀.csv': CSV,
      'd/README.md': 'read me',
    },
    ['d'],
  );
  expect(problems).toEqual([]);
  expect(sources).toEqual([
    {
      name: 'd',
      kind: 'csv',
      united: true,
      files: [
        'd/_key=1/x.csv',
        'd/year=2020/z.csv',
        'd/year=2021/z.csv',
        'd/year=2021/ä.csv',
        // By units of UTF-16 they would change places.
        'd/year=2021/\uffee.csv',
        'd/year=2021/😀.csv',
      ],
    },
  ]);
});

test('expands a quoted glob', async () => {
  const { sources } = await resolve({ 's/a1.csv': CSV, 's/a2.csv': CSV, 's/b.csv': CSV }, [
    's/a*.csv',
  ]);
  expect(sources).toEqual([
    { name: 's', kind: 'csv', united: true, files: ['s/a1.csv', 's/a2.csv'] },
  ]);
});

test('tells what a file is by what it holds, not by its name', async () => {
  const { sources } = await resolve(
    {
      'a.csv': '{"x":1}\n{"x":2}\n',
      'b.txt': 'PAR1____PAR1',
      'c.dat': Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'),
    },
    ['a.csv', 'b.txt', 'c.dat'],
  );
  expect(sources.map(({ kind }) => kind)).toEqual(['json', 'parquet', 'csv']);
});

test('tells every bad source in one sentence and loads the others', async () => {
  const { sources, problems, cwd } = await resolve(
    {
      'good.csv': CSV,
      'empty.csv': '',
      'blank.csv': ' \n\n',
      'book.xlsx': 'PK\x03\x04....xl/workbook.xml',
      'doc.pdf': '%PDF-1.4',
      'junk.csv': Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7) % 251)),
      'flights.parquet': 'a,b\n1,2\n',
      'none/notes.md': 'x',
    },
    ['goood.csv', 'empty.csv', 'blank.csv', 'book.xlsx', 'doc.pdf', 'junk.csv', 'flights.parquet', 'none', 'z*.csv', 'good.csv'],
  ); // prettier-ignore
  expect(sources.map(({ name }) => name)).toEqual(['good']);
  expect(problems).toEqual([
    {
      name: 'goood',
      code: 'SOURCE_MISSING',
      message: 'There is no file goood.csv.',
      hint: 'Did you mean "good.csv"?',
    },
    {
      name: 'empty',
      code: 'SOURCE_EMPTY',
      message: 'empty.csv is empty.',
      hint: 'A CSV needs at least a header line.',
    },
    {
      name: 'blank',
      code: 'SOURCE_EMPTY',
      message: 'blank.csv is empty.',
      hint: 'A CSV needs at least a header line.',
    },
    {
      name: 'book',
      code: 'SOURCE_KIND_UNKNOWN',
      message: 'book.xlsx cannot be read: it seems to be an Excel workbook.',
      hint: 'Save the sheet as CSV.',
    },
    {
      name: 'doc',
      code: 'SOURCE_KIND_UNKNOWN',
      message: 'doc.pdf cannot be read: it seems to be a PDF document.',
      hint: 'Export its table as CSV.',
    },
    {
      name: 'junk',
      code: 'SOURCE_KIND_UNKNOWN',
      message: 'junk.csv cannot be read: it seems to be a binary file of no known kind.',
      hint: 'Give a CSV, TSV, Parquet, Arrow or JSON lines file.',
    },
    {
      name: 'flights',
      code: 'SOURCE_KIND_UNKNOWN',
      message:
        'flights.parquet cannot be read: it seems to be no Parquet file in spite of its name.',
      hint: 'Write the file again.',
    },
    {
      name: 'none',
      code: 'SOURCE_NO_DATA',
      message: 'The folder none holds no data files.',
      hint: 'Data files end in .csv, .tsv, .parquet, .arrow, .jsonl, or one of these and .gz.',
    },
    {
      name: 'z*',
      code: 'SOURCE_MISSING',
      message: 'No file matches z*.csv.',
      hint: `It was looked for from ${cwd}.`,
    },
  ]);
});
