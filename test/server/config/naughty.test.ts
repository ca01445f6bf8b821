import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { instanceSource } from '../../../server/catalog/instance-source.js';
import { readConfig } from '../../../server/config/read-config.js';
import { tableNames } from '../../../server/config/table-names.js';
import { withParameters } from '../../../server/loader/sql/with-parameters.js';

// Strings that none of us wrote. They stand beside the checkout, or these tests are skipped.
const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpora/blns/blns.json');
const isMissing = !existsSync(CORPUS);
if (isMissing) console.log('Skipped: ../shared/corpora is not here.');
const strings = isMissing ? [] : (JSON.parse(readFileSync(CORPUS, 'utf8')) as string[]);

const read = (text: string) => readConfig(text, '/halftone.yaml', { env: {}, dir: '/' });
/** A text as it may stand in a configuration: "${" means something there. */
const literal = (text: string): string => text.replaceAll('${', '$${');
const isName = (text: string): boolean => !/^\.{0,2}$/u.test(text) && text.length <= 200;

describe.skipIf(isMissing)('naughty strings', () => {
  test('are names, texts and columns like any other, in YAML and in JSON', () => {
    for (const text of strings) {
      const datasets = {
        ...(isName(text) ? { [text]: { files: 'a.csv' } } : {}),
        other: {
          files: literal(text) || 'a',
          csv: { nulls: [literal(text)] },
          columns: { [text]: 'text' },
          hide: [literal(text) || 'a'],
        },
      };
      for (const written of [
        stringify({ version: 1, datasets }),
        JSON.stringify({ version: 1, datasets }),
      ]) {
        const { config, problems } = read(written);
        expect(problems, text).toEqual([]);
        const { other, ...named } = config!.datasets as Record<string, Record<string, unknown>>;
        expect(Object.keys(named), text).toEqual(isName(text) ? [text] : []);
        expect(other, text).toMatchObject({
          files: text || 'a',
          csv: { nulls: [text] },
          hide: [text || 'a'],
        });
        expect(Object.keys(other!['columns'] as object)).toEqual([text]);
      }
    }
  });

  test('written as they are never do more than be told', () => {
    for (const text of strings) {
      for (const written of [
        text,
        `version: 1\n${text}`,
        `version: 1\ndatasets:\n  a: { files: ${text} }`,
      ]) {
        const { config, problems } = read(written);
        expect(config === undefined, text).toBe(problems.length > 0);
      }
      expect(() => tableNames(text)).not.toThrow();
    }
  });

  describe('as values of a parameter', () => {
    let connection: DuckDBConnection;
    beforeAll(async () => {
      connection = await (await DuckDBInstance.create(':memory:')).connect();
    });
    afterAll(() => connection.closeSync());

    test('are bound, and come out as they went in', async () => {
      const base = {
        name: 'a',
        kind: 'sql' as const,
        files: [],
        united: false,
        csv: {},
        strict: false,
        sql: {
          query: "SELECT $note AS note, 'FROM $note' AS text",
          inputs: [],
          parameters: { note: { type: 'text' as const, default: 'none' } },
        },
      };
      for (const text of strings) {
        const address = new URLSearchParams({ note: text }).toString();
        const { sql } = instanceSource(base, address);
        const select = await withParameters({ sql: connection }, sql!);
        // As bytes: who reads texts for JavaScript drops a byte order mark.
        const bytes = `SELECT hex(note), text FROM (${select})`;
        const rows = (await connection.runAndReadAll(bytes)).getRowsJS();
        const hex = Buffer.from(text).toString('hex').toUpperCase();
        expect(rows, text).toEqual([[hex, 'FROM $note']]);
      }
    });
  });
});
