import { describe, expect, test } from 'vitest';
import { problemInWords } from '../../../protocol/config/problem.js';
import { readConfig } from '../../../server/config/read-config.js';

const env = { HALFTONE_TOKEN: 'hunter2', PORT: '9000', DATA: '/data' };
const read = (text: string) => readConfig(text, '/etc/viz/halftone.yaml', { env, dir: '/etc/viz' });
const problemsOf = (text: string) => read(text).problems.map(problemInWords);
/** Lines under `version: 1`, which is line 1. */
const inDataset = (lines: string) => `version: 1\ndatasets:\n  taxi:\n${lines}`;

describe('a valid configuration', () => {
  test('is given with its values', () => {
    const text = `# yaml-language-server: $schema=./schema.json
version: 1
datasets:
  taxi:
    files: trips/*.parquet
    refresh: { every: 30s }
    columns: { zip: text, "a b": "decimal(10, 2)" }
    csv: { delimiter: ";", decimal: ",", encoding: windows-1252, header: true, nulls: ["N/A"] }
    timeZone: Europe/Berlin
    hide: [ssn]
  both: { files: [a.csv, "\${env:DATA}/b.csv"], strict: true }
  sums:
    sql: SELECT count(*) AS n, '$' || '{x}' AS "\${y}" FROM taxi
server: { host: 0.0.0.0, port: "\${env:PORT}", token: "\${env:HALFTONE_TOKEN}", allowHosts: [viz.example.org], allowOrigins: [], frameAncestors: [], trustProxy: false, basePath: / }
cache: { dir: .cache, memory: 2GB }
dashboards:
  overview: { items: [{ chart: { dataset: taxi, xr: [1, 2] } }] }
`;
    const { config, problems } = read(text);
    expect(problems).toEqual([]);
    expect(config).toEqual({
      version: 1,
      datasets: {
        taxi: {
          files: 'trips/*.parquet',
          refresh: { every: '30s' },
          columns: { zip: 'text', 'a b': 'decimal(10, 2)' },
          csv: {
            delimiter: ';',
            decimal: ',',
            encoding: 'windows-1252',
            header: true,
            nulls: ['N/A'],
          },
          timeZone: 'Europe/Berlin',
          hide: ['ssn'],
        },
        both: { files: ['a.csv', '/data/b.csv'], strict: true },
        sums: { sql: `SELECT count(*) AS n, '$' || '{x}' AS "\${y}" FROM taxi` },
      },
      server: {
        host: '0.0.0.0',
        port: 9000,
        // A secret is looked up where it is used.
        token: '${env:HALFTONE_TOKEN}',
        allowHosts: ['viz.example.org'],
        allowOrigins: [],
        frameAncestors: [],
        trustProxy: false,
        basePath: '/',
      },
      cache: { dir: '.cache', memory: '2GB' },
      dashboards: { overview: { items: [{ chart: { dataset: 'taxi', xr: [1, 2] } }] } },
    });
  });

  test('may be JSON', () => {
    expect(read('{"version":1,"datasets":{"a":{"files":"a.csv"}}}').config).toEqual({
      version: 1,
      datasets: { a: { files: 'a.csv' } },
    });
  });

  test('may leave a part empty, as where all of it is commented out', () => {
    expect(read('version: 1\nserver:\n  # port: 80\ndatasets:\n').config).toEqual({
      version: 1,
      server: {},
      datasets: {},
    });
  });

  test('may use anchors, aliases and merges', () => {
    const text = `version: 1
datasets:
  a: &base { files: a.csv, csv: { delimiter: tab } }
  b: { <<: *base, files: b.csv }
  c: *base
`;
    expect(read(text).config!.datasets).toEqual({
      a: { files: 'a.csv', csv: { delimiter: 'tab' } },
      b: { files: 'b.csv', csv: { delimiter: 'tab' } },
      c: { files: 'a.csv', csv: { delimiter: 'tab' } },
    });
  });

  test('may name datasets by numbers, words of YAML and of JavaScript', () => {
    const names = [
      '2024',
      'null',
      'true',
      '0x1F',
      '1e3',
      '__proto__',
      'constructor',
      'a b/c',
      '日本',
    ];
    const text = `version: 1\ndatasets:\n${names.map((name) => `  ${name}: { files: a.csv }\n`).join('')}`;
    expect(Object.keys(read(text).config!.datasets!)).toEqual(names);
  });
});

describe('a configuration that is not valid', () => {
  const table: [name: string, text: string, problems: string[]][] = [
    ['nothing', '', ['halftone.yaml:1:1: The configuration needs "version". Write "version: 1".']],
    ['another version', 'version: 2', ['halftone.yaml:1:10: "version" has to be 1, but is 2.']],
    [
      'a list',
      '- a',
      [
        'halftone.yaml:1:1: The configuration has to be a mapping of keys to values, but is a list.',
      ],
    ],
    [
      'a slip in an option',
      inDataset('    files: a.csv\n    refesh: { every: 30s }\n'),
      ['halftone.yaml:5:5: "refesh" is no option of a dataset. Did you mean "refresh"?'],
    ],
    [
      'a slip in the source',
      inDataset('    flies: a.csv\n'),
      ['halftone.yaml:4:5: "flies" is no option of a dataset. Did you mean "files"?'],
    ],
    [
      'no source',
      inDataset('    strict: true\n'),
      [
        'halftone.yaml:3:3: "taxi" does not say where its rows come from. It needs one of "files", "url", "postgres", "duckdb", "command", "sql".',
      ],
    ],
    [
      'two sources',
      inDataset('    files: a.csv\n    sql: SELECT 1\n'),
      ['halftone.yaml:5:5: "taxi" has both "files" and "sql". Keep one of them.'],
    ],
    [
      'an option of another kind',
      inDataset('    sql: SELECT 1\n    csv: { header: true }\n'),
      [
        'halftone.yaml:5:5: "csv" is no option of a dataset with "sql". It belongs to one with "files".',
      ],
    ],
    [
      'a part of nobody',
      'version: 1\nserver: { prot: 80 }\n',
      ['halftone.yaml:2:11: "prot" is no option of server. Did you mean "port"?'],
    ],
    [
      'something far from everything',
      'version: 1\nxyzzyplugh: 1\n',
      [
        'halftone.yaml:2:1: "xyzzyplugh" is no option of the configuration. There are version, datasets, server, cache, dashboards.',
      ],
    ],
    [
      'a port out of range',
      'version: 1\nserver: { port: 70000 }\n',
      ['halftone.yaml:2:17: "port" has to be a whole number from 0 to 65535, but is 70000.'],
    ],
    [
      'a text where a truth is wanted',
      'version: 1\nserver: { trustProxy: yes }\n',
      ['halftone.yaml:2:23: "trustProxy" has to be true or false, but is "yes".'],
    ],
    [
      'a text where a list is wanted',
      'version: 1\nserver: { allowHosts: viz.example.org }\n',
      [
        'halftone.yaml:2:23: "allowHosts" has to be a list, but is "viz.example.org". Write it in brackets: [ … ].',
      ],
    ],
    [
      'a number where a text is wanted',
      inDataset('    files: a.csv\n    hide: [2024]\n'),
      ['halftone.yaml:5:12: "hide[0]" has to be a text, but is 2024. Write it in quotes: "2024".'],
    ],
    [
      'a word of a choice',
      inDataset('    files: a.csv\n    csv: { decimal: ";" }\n'),
      ['halftone.yaml:5:21: "decimal" has to be "." or ",", but is ";".'],
    ],
    [
      'an unknown time zone',
      inDataset('    files: a.csv\n    timeZone: Europe/Berln\n'),
      [
        'halftone.yaml:5:15: "timeZone" has to be an IANA time zone such as Europe/Berlin or UTC, but is "Europe/Berln". Did you mean "Europe/Berlin"?',
      ],
    ],
    [
      'an unknown encoding',
      inDataset('    files: a.csv\n    csv: { encoding: utf-9 }\n'),
      [
        'halftone.yaml:5:22: "encoding" has to be an encoding such as utf-8, utf-16le or windows-1252, but is "utf-9". Did you mean "utf-8"?',
      ],
    ],
    [
      'a length of time without its unit',
      inDataset('    files: a.csv\n    refresh: { every: 30 }\n'),
      [
        'halftone.yaml:5:23: "every" has to be a length of time such as 500ms, 30s, 5m, 12h, 7d or 2w, but is 30. Write it in quotes: "30".',
      ],
    ],
    [
      'a refresh of both ways',
      inDataset('    files: a.csv\n    refresh: { every: 30s, cron: "* * * * *" }\n'),
      ['halftone.yaml:5:5: "refresh" has both "every" and "cron". Keep one.'],
    ],
    [
      'a refresh that says nothing',
      inDataset('    files: a.csv\n    refresh: {}\n'),
      [
        'halftone.yaml:5:5: "refresh" does not say when. Write { every: 30s }, or { cron: "*/5 * * * *" }.',
      ],
    ],
    [
      'a cron line that never comes',
      inDataset('    files: a.csv\n    refresh: { cron: "0 0 30 2 *" }\n'),
      ['halftone.yaml:5:16: The cron line "0 0 30 2 *" never comes: there is no such day.'],
    ],
    [
      'a cron line that is none',
      inDataset('    files: a.csv\n    refresh: { cron: "0 25 * * *" }\n'),
      ['halftone.yaml:5:16: "0 25 * * *" is no cron line: Invalid value for hour: 25.'],
    ],
    [
      'a pace that is too fast',
      inDataset('    files: a.csv\n    refresh: { every: 10ms }\n'),
      ['halftone.yaml:5:16: A dataset is loaded at most once a second.'],
    ],
    [
      'a slip in what becomes of a run',
      inDataset('    files: a.csv\n    refresh: { every: 30s, overlap: skp }\n'),
      [
        'halftone.yaml:5:37: "overlap" has to be "skip", "queue" or "replace", but is "skp". Did you mean "skip"?',
      ],
    ],
    [
      'a type that is none',
      inDataset('    files: a.csv\n    columns: { zip: "text); DROP" }\n'),
      [
        'halftone.yaml:5:21: "zip" has to be a type such as text, bigint, double, date or decimal(10,2), but is "text); DROP".',
      ],
    ],
    [
      'a slip in a type',
      inDataset('    files: a.csv\n    columns: { zip: texxt }\n'),
      [
        'halftone.yaml:5:21: "zip" has to be a type such as text, bigint, double, date or decimal(10,2), but is "texxt". Did you mean "text"?',
      ],
    ],
    [
      'an empty list of files',
      inDataset('    files: []\n'),
      ['halftone.yaml:4:12: "files" is an empty list.'],
    ],
    [
      'no value',
      inDataset('    files:\n'),
      ['halftone.yaml:4:11: "files" has to be a path, or a list of paths, but is empty.'],
    ],
    [
      'a mapping for a path',
      inDataset('    files: { a: 1 }\n'),
      ['halftone.yaml:4:12: "files" has to be a path, or a list of paths, but is a mapping.'],
    ],
    [
      'a variable that is not set',
      'version: 1\nserver: { token: "${env:NOWHERE}" }\n',
      ['halftone.yaml:2:18: The environment variable "NOWHERE" is not set.'],
    ],
    [
      'a file that is not there',
      'version: 1\nserver: { token: "${file:no.txt}" }\n',
      [
        'halftone.yaml:2:18: There is no file "no.txt". Relative paths begin at the folder of the configuration.',
      ],
    ],
    [
      'a reference without its kind',
      inDataset('    files: "${DATA}/a.csv"\n'),
      [
        'halftone.yaml:4:12: "${DATA}" refers to nothing. Write "${env:DATA}" or "${file:PATH}", or "$${" for the signs themselves.',
      ],
    ],
    [
      'a name that is a step along a path',
      'version: 1\ndatasets:\n  ..: { files: a.csv }\n',
      ['halftone.yaml:3:3: ".." cannot be the name of a dataset.'],
    ],
    [
      'a key twice',
      'version: 1\nversion: 1\n',
      [
        expect.stringMatching(
          /^halftone\.yaml:2:1: This is no YAML: Map keys must be unique/u,
        ) as string,
      ],
    ],
    [
      'a tab',
      'version: 1\ndatasets:\n\ta: 1\n',
      [expect.stringMatching(/^halftone\.yaml:3:1: This is no YAML: /u) as string],
    ],
    [
      'a tag',
      'version: !secret 1\n',
      [expect.stringMatching(/^halftone\.yaml:1:10: This is no YAML: /u) as string],
    ],
  ];
  test.each(table)('tells %s', (_name, text, problems) => {
    const { config } = read(text);
    expect(config).toBeUndefined();
    expect(problemsOf(text).slice(0, problems.length)).toEqual(problems);
  });

  test('tells what parameters of a dashboard do not fit their dataset', () => {
    const text = `version: 1
datasets:
  numbers: { sql: "SELECT $rows AS n", params: { rows: { type: integer, default: 1, values: [1, 2] } } }
dashboards:
  good: { items: [], parameters: { numbers: { rows: 2 } } }
  bad:
    items: []
    parameters:
      number: { rows: 1 }
      numbers: { row: 1, rows: 3 }
  worse: { items: [], parameters: { numbers: { rows: many } } }
`;
    expect(problemsOf(text).map((line) => line.replace(/^halftone\.yaml:/u, ''))).toEqual([
      expect.stringMatching(
        /^9:\d+: There is no dataset "number" with parameters\. Did you mean "numbers"\?$/u,
      ),
      expect.stringMatching(/^10:\d+: "numbers" has no parameter "row"\. Did you mean "rows"\?$/u),
      expect.stringMatching(/^10:\d+: "3" is not among the "values" of "rows"\.$/u),
      expect.stringMatching(/^11:\d+: "many" is not of the type integer\.$/u),
    ]);
  });

  test('tells all problems at once, in the order of their places', () => {
    const text = `version: 1
server: { prot: 80, trustProxy: 1 }
datasets:
  a: { files: 1 }
  b: { fles: x }
`;
    expect(problemsOf(text).map((line) => line.slice(0, 'halftone.yaml:9:99'.length))).toEqual([
      'halftone.yaml:2:11',
      'halftone.yaml:2:33',
      'halftone.yaml:4:15',
      'halftone.yaml:5:8:',
    ]);
  });

  test('never shows a secret', () => {
    for (const text of [
      'version: 1\nserver: { token: [hunter2] }\n',
      'version: 1\nserver: { token: 42424242 }\n',
      'version: 1\nserver: { token: "${env:HALFTONE_TOKEN}", port: x }\n',
      'version: 1\nserver: { token: "hunter2" "hunter2" }\n',
      inDataset('    postgres: "postgres://u:hunter2@h/db"\n'),
      inDataset('    postgres: { password: [hunter2] }\n    query: SELECT 1\n'),
    ]) {
      const told = problemsOf(text);
      expect(told.length, text).toBeGreaterThan(0);
      expect(told.join('\n'), text).not.toMatch(/hunter2|42424242/u);
    }
  });

  test('is refused before aliases of aliases fill the memory', () => {
    const hundred = (alias: string) => `[${Array.from({ length: 100 }, () => alias).join(', ')}]`;
    const text = `version: 1
dashboards:
  x:
    pages: [&page { title: a, items: [&item { chart: { dataset: a, y: ${hundred('b')} } }, ${hundred('*item').slice(1)} }, ${hundred('*page').slice(1)}
`;
    expect(problemsOf(text).join('\n')).toMatch(/too many values/u);
  });
});
