import { describe, expect, test } from 'vitest';
import { tableNames } from '../../../server/config/table-names.js';

describe('the tables of a SELECT', () => {
  const table: [sql: string, names: string[]][] = [
    ['SELECT 1', []],
    ['SELECT * FROM a', ['a']],
    ['FROM a SELECT x', ['a']],
    ['SELECT * FROM a, b AS c, "d e" f WHERE x IN (1, 2)', ['a', 'b', 'd e']],
    ['SELECT * FROM a JOIN b USING (id) LEFT JOIN c ON a.x = c.x, d', ['a', 'b', 'c']],
    ['SELECT g, h FROM a GROUP BY g, h ORDER BY g, h', ['a']],
    ['SELECT (SELECT max(x) FROM b), c FROM a WHERE y IN (SELECT y FROM d)', ['b', 'a', 'd']],
    ['SELECT * FROM (SELECT * FROM a) AS s, b', ['a', 'b']],
    ['SELECT * FROM (a JOIN b USING (x))', ['a', 'b']],
    ['WITH a AS (SELECT * FROM b) SELECT * FROM a', ['b']],
    [
      'WITH RECURSIVE a(x) AS MATERIALIZED (SELECT 1 UNION ALL SELECT x FROM a) SELECT * FROM a',
      [],
    ],
    ["SELECT a FROM b -- FROM c\n/* FROM d */ WHERE x = 'FROM e' AND y = $$FROM f$$", ['b']],
    ["SELECT * FROM range(10), read_csv('a.csv'), schema.t", []],
    ['SELECT * FROM A UNION ALL SELECT * FROM a UNION ALL FROM B', ['a', 'B']],
    ['SELECT "from" FROM "quo""ted", "WHERE"', ['quo"ted', 'WHERE']],
    ['PIVOT a ON x USING sum(y)', ['a']],
    ['SELECT * FROM LATERAL (SELECT 1), a', ['a']],
    ['SELECT * FROM a, (VALUES (1, 2)) AS v(x, y), b', ['a', 'b']],
    ['SELECT date, delay FROM flights', ['flights']],
    ['', []],
    ['"', []],
    ['(((', []],
  ];
  test.each(table)('%s', (sql, names) => {
    expect(tableNames(sql)).toEqual(names);
  });
});
