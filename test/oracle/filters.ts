import fc from 'fast-check';
import type { Filter, FilterOp, Query, Scale } from '../../protocol/query.js';
import type { OracleColumn, OracleTable, Sample } from './table.js';

/** A filter and the same predicate in SQL: true or false, never null. */
export interface OracleFilter {
  filter: Filter;
  sql: string;
}

const NEEDLES = ['', 'a', 'K1', 'Z', 'ü', 'Ü', 'ß', 'RED', 'e', '日', ' ', '"', '0'];

/** The operators that fit a column. */
export function operatorsFor({ kind }: OracleColumn): FilterOp[] {
  const always: FilterOp[] = ['null', 'not', 'any'];
  if (kind === 'number' || kind === 'time') return ['in', 'range', 'polygon', ...always];
  if (kind === 'clock') return ['in', 'range', ...always];
  if (kind === 'text') return ['in', 'contains', ...always];
  return kind === 'boolean' ? ['in', ...always] : always;
}

/** Random filters of one operator over one column. */
export function filterArbitrary(
  table: OracleTable,
  column: OracleColumn,
  op: FilterOp,
  scale: Query['scale'] = {},
): fc.Arbitrary<OracleFilter> {
  switch (op) {
    case 'in':
      return inArbitrary(column);
    case 'range':
      return rangeArbitrary(column);
    case 'contains':
      return containsArbitrary(column);
    case 'null':
      return fc.constant({ filter: { op, column: column.name }, sql: `${quote(column)} IS NULL` });
    case 'polygon':
      return polygonArbitrary(table, column, scale);
    case 'not':
      return leafArbitrary(column).map(({ filter, sql }) => ({
        filter: { op, filter },
        sql: `NOT (${sql})`,
      }));
    case 'any':
      return fc
        .array(fc.oneof(leafArbitrary(column), leafArbitrary(table.columns.get('few')!)), {
          maxLength: 3,
        })
        .map((leaves) => ({
          filter: { op, filters: leaves.map(({ filter }) => filter) },
          sql: leaves.length === 0 ? 'false' : leaves.map(({ sql }) => `(${sql})`).join(' OR '),
        }));
  }
}

function leafArbitrary(column: OracleColumn): fc.Arbitrary<OracleFilter> {
  const leaves: fc.Arbitrary<OracleFilter>[] = [
    fc.constant<OracleFilter>({
      filter: { op: 'null', column: column.name },
      sql: `${quote(column)} IS NULL`,
    }),
  ];
  if (column.kind !== 'binary') leaves.push(inArbitrary(column));
  if (column.kind === 'number' || column.kind === 'time') leaves.push(rangeArbitrary(column));
  return fc.oneof(...leaves);
}

function inArbitrary(column: OracleColumn): fc.Arbitrary<OracleFilter> {
  return fc
    .record({
      picked: fc.subarray(column.samples, { maxLength: Math.min(8, column.samples.length) }),
      withNull: fc.boolean(),
      exclude: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ picked, withNull, exclude }) => {
      const equals = picked.map(({ sql }) => `COALESCE(${shown(column)} = ${sql}, false)`);
      if (withNull) equals.push(`${quote(column)} IS NULL`);
      const any = equals.length === 0 ? 'false' : equals.join(' OR ');
      const values = [...picked.map(({ json }) => json), ...(withNull ? [null] : [])];
      return {
        filter: {
          op: 'in',
          column: column.name,
          values,
          ...(exclude === undefined ? {} : { exclude }),
        },
        sql: exclude ? `NOT (${any})` : `(${any})`,
      };
    });
}

function rangeArbitrary(column: OracleColumn): fc.Arbitrary<OracleFilter> {
  const bounds = column.samples.filter(({ json }) => json !== 'NaN');
  const bound = fc.option(fc.nat(Math.max(0, bounds.length - 1)), { nil: undefined, freq: 4 });
  const flag = fc.option(fc.boolean(), { nil: undefined });
  return fc
    .record({ a: bound, b: bound, minExclusive: flag, maxExclusive: flag })
    .map(({ a, b, minExclusive, maxExclusive }) => {
      const [low, high] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
      const min = low === undefined ? undefined : bounds[low];
      const max = high === undefined ? undefined : bounds[high];
      const parts = ['true'];
      if (min) parts.push(`${shown(column)} ${minExclusive ? '>' : '>='} ${min.sql}`);
      if (max) parts.push(`${shown(column)} ${maxExclusive ? '<' : '<='} ${max.sql}`);
      if (isFloat(column)) parts.push(`NOT isnan(${shown(column)})`);
      return {
        filter: {
          op: 'range',
          column: column.name,
          ...(min ? { min: min.json as string | number } : {}),
          ...(max ? { max: max.json as string | number } : {}),
          ...(minExclusive === undefined ? {} : { minExclusive }),
          ...(maxExclusive === undefined ? {} : { maxExclusive }),
        },
        // A range without bounds still asks for a value: null matches only `null`.
        sql: `COALESCE(${parts.join(' AND ')}, false) AND ${quote(column)} IS NOT NULL`,
      };
    });
}

function containsArbitrary(column: OracleColumn): fc.Arbitrary<OracleFilter> {
  const fragments = column.samples
    .slice(0, 8)
    .map(({ json }) => Array.from(String(json)).slice(0, 3).join(''));
  return fc
    .record({
      text: fc.constantFrom(...NEEDLES, ...fragments),
      caseSensitive: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ text, caseSensitive }) => {
      const needle = literal(text);
      const found = caseSensitive
        ? `contains(${quote(column)}::VARCHAR, ${needle})`
        : `contains(lower(${quote(column)}::VARCHAR), lower(${needle}))`;
      return {
        filter: {
          op: 'contains',
          column: column.name,
          text,
          ...(caseSensitive === undefined ? {} : { caseSensitive }),
        },
        sql: `COALESCE(${found}, false)`,
      };
    });
}

function polygonArbitrary(
  table: OracleTable,
  column: OracleColumn,
  scale: NonNullable<Query['scale']>,
): fc.Arbitrary<OracleFilter> {
  const other = table.columns.get(column.name === 'few' ? 'utiny' : 'few')!;
  const xs = column.samples.filter((sample) => isPlaced(column, sample, scale.x));
  const ys = other.samples.filter((sample) => isPlaced(other, sample, scale.y));
  if (xs.length === 0 || ys.length === 0) {
    return fc.constant({
      filter: { op: 'null', column: column.name },
      sql: `${quote(column)} IS NULL`,
    });
  }
  const x = (sql: string): string => placed(column, sql, scale.x);
  const y = (sql: string): string => placed(other, sql, scale.y);
  return fc
    .array(fc.tuple(fc.constantFrom(...xs), fc.constantFrom(...ys)), { minLength: 3, maxLength: 6 })
    .map((corners) => ({
      filter: {
        op: 'polygon',
        x: column.name,
        y: other.name,
        points: corners.map(([x, y]): [string | number, string | number] => [
          x.json as string | number,
          y.json as string | number,
        ]),
      },
      sql: insideSql(
        corners.map(([cx, cy]) => [x(cx.sql), y(cy.sql)]),
        x(quote(column)),
        y(quote(other)),
      ),
    }));
}

// Even-odd rule with edges inside, the textbook sum over edges; all corners are values of the table.
function insideSql(corners: [string, string][], x: string, y: string): string {
  const edges = corners.map(([x1, y1], at) => {
    const [x2, y2] = corners[(at + 1) % corners.length]!;
    const cross = `((${x2} - ${x1}) * (${y} - ${y1}) - (${y2} - ${y1}) * (${x} - ${x1}))`;
    const on = `(${cross} = 0 AND ${x} BETWEEN least(${x1}, ${x2}) AND greatest(${x1}, ${x2}) AND ${y} BETWEEN least(${y1}, ${y2}) AND greatest(${y1}, ${y2}))`;
    const crosses = `((${y1} > ${y}) <> (${y2} > ${y}) AND (CASE WHEN ${y2} > ${y1} THEN ${cross} ELSE -${cross} END) > 0)`;
    return { on, crosses };
  });
  const on = edges.map((edge) => edge.on).join(' OR ');
  const odd = edges.map((edge) => `${edge.crosses}::INTEGER`).join(' + ');
  return `COALESCE(isfinite(${x}) AND isfinite(${y}) AND ((${on}) OR (${odd}) % 2 = 1), false)`;
}

// A value in the space in which edges are straight; null where it has no place there.
function placed(column: OracleColumn, sql: string, scale: Scale = 'linear'): string {
  // DuckDB casts HUGEINT and DECIMAL to a double beside the nearest one; their text becomes the nearest.
  const exact = isFloat(column) ? sql : `(${sql})::VARCHAR`;
  const value = column.kind === 'time' ? `epoch_ns(${sql})::DOUBLE` : `(${exact})::DOUBLE`;
  return scale === 'log' ? `CASE WHEN ${value} > 0 THEN ln(${value}) END` : value;
}

function isPlaced({ kind }: OracleColumn, { json }: Sample, scale: Scale = 'linear'): boolean {
  if (kind === 'time') return scale === 'linear';
  return Number.isFinite(Number(json)) && (scale === 'linear' || Number(json) > 0);
}

function isFloat({ type }: OracleColumn): boolean {
  return type === 'DOUBLE' || type === 'FLOAT';
}

// A FLOAT is compared as the double it is: `0.1::FLOAT <= 0.1` is true in DuckDB.
function shown(column: OracleColumn): string {
  if (column.type === 'FLOAT') return `${quote(column)}::DOUBLE`;
  return column.type === 'INTERVAL' || column.type.startsWith('ENUM')
    ? `${quote(column)}::VARCHAR`
    : quote(column);
}

function quote({ name }: OracleColumn): string {
  return `"${name}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
