import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { apiLines, type ApiSubject } from '../../../../client/app/inspect/api-lines.js';

const subject: ApiSubject = {
  frame: 'http://127.0.0.1:8642/api/v1/frame?q=eyJ9&r=2',
  rows: 'http://127.0.0.1:8642/api/v1/datasets/a%27b/export?format=parquet&filters=%5B%5D',
  dataset: `it's "$(rm -rf ~)" 🎈`,
};

describe.each(['rows', 'picture'] as const)('the lines that take the %s', (taken) => {
  const lines = apiLines(taken, subject);

  test('are for curl, pandas, polars, DuckDB and R, each with the very address', () => {
    expect(lines.map(({ name }) => name)).toEqual(['curl', 'pandas', 'polars', 'DuckDB', 'R']);
    const address = taken === 'rows' ? subject.rows : subject.frame!;
    for (const { name, lines: text } of lines) expect(text, name).toContain(address);
  });

  test('name a file that a shell takes for one word', () => {
    const curl = lines[0]!.lines.replace(/^curl/u, 'printf "%s\\n"');
    const words = execFileSync('/bin/sh', ['-c', curl], { encoding: 'utf8' }).trim().split('\n');
    expect(words).toHaveLength(3);
    expect(words[1]).toMatch(/^[\w-]+\.(?:parquet|arrows)$/u);
    expect(words[2]).toBe(taken === 'rows' ? subject.rows : subject.frame);
  });
});

test('a picture without an address has no lines', () => {
  expect(apiLines('picture', { ...subject, frame: undefined })).toEqual([]);
});
