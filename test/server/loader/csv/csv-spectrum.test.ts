import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureKernel, loadFiles } from './helpers/load.js';

const CORPUS = new URL('../../../../../shared/corpora/csv-spectrum/', import.meta.url);
const there = existsSync(CORPUS);
if (!there) console.log('Skipped csv-spectrum: ../shared/corpora is not there.');

describe.skipIf(!there)('csv-spectrum', () => {
  beforeAll(ensureKernel);
  const names = there ? readdirSync(new URL('csvs/', CORPUS)) : [];

  test.each(names)('%s equals its JSON twin', async (name) => {
    const text = readFileSync(new URL(`csvs/${name}`, CORPUS));
    let json = readFileSync(new URL(`json/${name.replace('.csv', '.json')}`, CORPUS), 'utf8');
    // Some copies of the corpus went through a tool that took the carriage returns out of the CSV files.
    if (!text.includes(13)) json = json.replaceAll(String.raw`\r\n`, String.raw`\n`);
    const twin = JSON.parse(json) as Record<string, string>[];
    const header = Object.keys(twin[0]!);
    // The twins know texts only.
    const types = Object.fromEntries(header.map((column) => [column, 'text']));
    const { columns, rows, report } = await loadFiles({ [name]: text }, { csv: { types } });
    expect(Object.keys(columns)).toEqual(header);
    const objects = rows.map((row) =>
      Object.fromEntries(header.map((column, i) => [column, row[i] ?? ''])),
    );
    expect(objects).toEqual(twin);
    expect(report.rows + report.setAside).toBe(report.lines);
  });
});
