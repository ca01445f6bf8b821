/**
 * The columns of a random table, each an SQL expression over `i`, the row, and `h(k)`, a hash of row, seed and k.
 * Together they cover every declared type, every stored width, nulls, NaN, infinities, two-decimal data, whole
 * numbers above 2^53, constants and text of few, many and unique values.
 */
export interface ZooColumn {
  name: string;
  /** DuckDB's declared type. */
  type: string;
  sql: string;
  kind: 'number' | 'time' | 'clock' | 'text' | 'boolean' | 'binary';
  /** Values on a log axis make sense: mostly positive. */
  positive?: boolean;
  /** Can stand on an axis and be aggregated. */
  axis: boolean;
}

// h(k) % n is an integer in 0 … n - 1 that depends on the row, the seed and k alone.
const pick = (k: number, n: number | string): string => `(hash(i, $seed, ${k}) % ${n})::BIGINT`;
const nullable = (k: number, one: number, sql: string): string =>
  `CASE WHEN ${pick(k, one)} = 0 THEN NULL ELSE ${sql} END`;

const number = (name: string, type: string, sql: string, positive = false): ZooColumn => ({
  name,
  type,
  sql: `(${sql})::${type}`,
  kind: 'number',
  positive,
  axis: true,
});
const time = (name: string, type: string, sql: string): ZooColumn => ({
  name,
  type,
  sql: `(${sql})::${type}`,
  kind: 'time',
  axis: true,
});
const text = (name: string, sql: string, type = 'VARCHAR'): ZooColumn => ({
  name,
  type,
  sql: `(${sql})::${type}`,
  kind: 'text',
  axis: false,
});

const MICROSECONDS = `${pick(40, 4_000_000_000)}::HUGEINT * 500_000 - 700_000_000_000_000`;

export const ZOO: readonly ZooColumn[] = [
  {
    name: 'flag',
    type: 'BOOLEAN',
    sql: nullable(1, 7, `${pick(2, 2)} = 1`),
    kind: 'boolean',
    axis: false,
  },
  number('tiny', 'TINYINT', nullable(3, 9, `${pick(4, 256)} - 128`)),
  number('small', 'SMALLINT', `${pick(5, 65_536)} - 32768`),
  number('int', 'INTEGER', nullable(6, 11, `${pick(7, 4_000_000_000)} - 2_000_000_000`)),
  number('wide', 'BIGINT', `${pick(8, 1000)} * 9_007_199_254_740_993 - 4_000_000_000_000_000_000`),
  number('utiny', 'UTINYINT', pick(9, 256), true),
  number('usmall', 'USMALLINT', nullable(10, 5, `${pick(11, 50)} * 1311`), true),
  number('uint', 'UINTEGER', pick(12, 4_294_967_296), true),
  number('uwide', 'UBIGINT', `hash(i, $seed, 13)`, true),
  // Parquet has no HUGEINT.
  number('huge', 'DECIMAL(38,0)', `${pick(14, 400)}::HUGEINT * 1_000_000_000_000_000_000_000 - 7`),
  number('few', 'INTEGER', nullable(15, 6, pick(16, 12)), true),
  number('cents', 'DECIMAL(9,2)', nullable(17, 8, `(${pick(18, 200_000)} - 100_000) / 100.0`)),
  number('money', 'DECIMAL(18,4)', `${pick(19, 1_000_000_000)} / 10_000.0`, true),
  number(
    'deep',
    'DECIMAL(38,10)',
    `(${pick(20, 900)}::HUGEINT * 12345678901234567)::DECIMAL(38,10) + 0.0123456789`,
  ),
  number('real', 'FLOAT', nullable(21, 10, `${pick(22, 100_000)} / 1000.0`), true),
  number('price', 'DOUBLE', nullable(23, 20, `${pick(24, 300_000)} / 100.0 - 500`)),
  number(
    'wild',
    'DOUBLE',
    `CASE ${pick(25, 12)} WHEN 0 THEN NULL WHEN 1 THEN 'NaN' WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity'
       WHEN 4 THEN 0 WHEN 5 THEN -0.0 WHEN 6 THEN -1.5 ELSE exp(${pick(26, 4000)} / 200.0 - 8) END`,
    true,
  ),
  number('constant', 'DOUBLE', '42.5', true),
  time('day', 'DATE', nullable(27, 9, `DATE '1969-06-01' + ${pick(28, 20_000)}::INTEGER`)),
  time('second', 'TIMESTAMP_S', `make_timestamp((${MICROSECONDS})::BIGINT)`),
  time('milli', 'TIMESTAMP_MS', nullable(29, 13, `make_timestamp((${MICROSECONDS})::BIGINT)`)),
  time('micro', 'TIMESTAMP', `make_timestamp((${MICROSECONDS})::BIGINT + ${pick(30, 500_000)})`),
  time(
    'nano',
    'TIMESTAMP_NS',
    nullable(
      31,
      10,
      `make_timestamp_ns(1_600_000_000_000_000_000 + ${pick(32, 3_000_000)} * 1_234_567_891)`,
    ),
  ),
  time('zoned', 'TIMESTAMPTZ', nullable(33, 12, `make_timestamp((${MICROSECONDS})::BIGINT)`)),
  {
    name: 'clock',
    type: 'TIME',
    sql: nullable(34, 9, `TIME '00:00:00' + to_microseconds(${pick(35, 86_400)} * 999_999)`),
    kind: 'clock',
    axis: false,
  },
  text('letter', nullable(36, 8, `chr(65 + ${pick(37, 20)}::INTEGER)`)),
  text(
    'word',
    nullable(
      38,
      15,
      `['Zürich', 'zürich', 'Ελλάς', 'ελλασ', 'straße', '', ' ', 'a,b', '"', 'naïve', 'NULL', '~', '日本', '👩‍🚀'][1 + ${pick(39, 14)}] || CASE WHEN ${pick(41, 2)} = 0 THEN '' ELSE ${pick(42, 40)}::VARCHAR END`,
    ),
  ),
  text('many', `'k' || ${pick(43, 90_000)}::VARCHAR`),
  text('unique', `md5(i::VARCHAR || $seed::VARCHAR)`),
  text('uuid', `md5((${pick(44, 300)})::VARCHAR)::UUID`, 'UUID'),
  text(
    'color',
    nullable(45, 5, `['red', 'green', 'blue'][1 + ${pick(46, 3)}]`),
    `ENUM('blue', 'green', 'red')`,
  ),
  text('span', `to_days(${pick(47, 30)}::INTEGER)`, 'INTERVAL'),
  {
    name: 'blob',
    type: 'BLOB',
    sql: nullable(48, 6, `unhex(md5((${pick(49, 100)})::VARCHAR))`),
    kind: 'binary',
    axis: false,
  },
  number('nothing', 'INTEGER', 'NULL'),
];
