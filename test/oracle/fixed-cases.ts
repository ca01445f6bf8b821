import type { Query } from '../../protocol/query.js';
import type { OracleCase } from './queries.js';
import type { OracleTable, Sample } from './table.js';

/** A handful of cases that between them use every kernel. */
export function fixedCases(table: OracleTable): OracleCase[] {
  const middle = (name: string): Sample => {
    const { samples } = table.columns.get(name)!;
    return samples[samples.length >> 1]!;
  };
  const all = (query: Omit<Query, 'dataset'>, where = 'true'): OracleCase => ({
    query: { dataset: 'zoo', ...query },
    where,
  });
  const density = { mark: 'scatter', method: 'density', width: 100, height: 50 } as const;
  const price = middle('price');
  const wide = BigInt(String(middle('wide').json)) + 1n;
  return [
    all({ ...density, x: 'price', y: 'cents' }),
    // Cells of 4.9: many prices stand exactly on an edge.
    all({ ...density, x: 'price', y: 'cents', domain: { x: [0, 490], y: [0, 245] } }),
    all({ ...density, x: 'wild', y: 'utiny' }),
    all(
      { ...density, x: 'tiny', y: 'int', filters: [{ op: 'in', column: 'letter', values: ['A'] }] },
      `letter = 'A'`,
    ),
    all({ mark: 'histogram', x: 'price', bins: 40 }),
    all({ mark: 'histogram', x: 'day' }),
    all({ mark: 'bar', x: 'letter' }),
    all({ mark: 'value', aggregate: { op: 'mean', column: 'cents' } }),
    all(
      { mark: 'value', filters: [{ op: 'range', column: 'price', max: price.json as number }] },
      `price <= ${price.sql}`,
    ),
    all(
      { mark: 'value', filters: [{ op: 'range', column: 'wide', min: String(wide) }] },
      `wide >= ${wide}`,
    ),
    all({ mark: 'value', filters: [{ op: 'null', column: 'few' }] }, 'few IS NULL'),
    all({ mark: 'line', method: 'm4', x: 'nano', y: 'price', width: 100 }),
  ];
}
