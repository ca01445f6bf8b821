import { expect, test } from 'vitest';
import { problemInWords } from '../../../protocol/config/problem.js';
import { readConfig } from '../../../server/config/read-config.js';

const problemsOf = (datasets: string): string[] =>
  readConfig(`version: 1\ndatasets:\n${datasets}`, '/halftone.yaml', {
    env: {},
    dir: '/',
  }).problems.map(problemInWords);

test('a dataset that is computed from itself is told with the way around, once a circle', () => {
  expect(
    problemsOf(
      '  a: { sql: SELECT * FROM b }\n  b: { sql: SELECT * FROM C }\n  c: { sql: SELECT * FROM a }\n  d: { sql: SELECT * FROM a }\n',
    ),
  ).toEqual([
    'halftone.yaml:3:8: "a" is computed from itself: a → b → c → a. Take one of these steps out.',
  ]);
  expect(problemsOf('  a: { sql: SELECT * FROM a }\n')).toEqual([
    'halftone.yaml:3:8: "a" is computed from itself: a → a. Take one of these steps out.',
  ]);
});

test('a table that is nearly a dataset is told; what the statement defines itself is not', () => {
  expect(problemsOf('  trips: { files: a.csv }\n  late: { sql: SELECT * FROM trps }\n')).toEqual([
    'halftone.yaml:4:11: "sql" reads "trps", which is no dataset here. Did you mean "trips"?',
  ]);
  expect(
    problemsOf(
      '  trips: { files: a.csv }\n  late: { sql: "WITH trip AS (FROM trips) SELECT * FROM trip, range(3)" }\n  trip2: { sql: SELECT trips FROM late }\n',
    ),
  ).toEqual([]);
});
