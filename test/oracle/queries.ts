import fc from 'fast-check';
import { AGGREGATE_OPS, type AxisDomain, type Query, type Scale } from '../../protocol/query.js';
import type { Drawing, MatrixCell } from './cells.js';
import { categoryArbitrary, colorOfPoints, severalColumns } from './series.js';
import { filterArbitrary, type OracleFilter } from './filters.js';
import type { OracleColumn, OracleTable } from './table.js';

/** A query with its filters in SQL. */
export interface OracleCase {
  query: Query;
  where: string;
}

/** Random queries of one cell of the matrix: its column under its operator, sometimes with a second filter. */
export function caseArbitrary(table: OracleTable, cell: MatrixCell): fc.Arbitrary<OracleCase> {
  const column = table.columns.get(cell.column)!;
  return drawingArbitrary(table, cell.drawing, cell.scale).chain((query) =>
    fc
      .tuple(
        filterArbitrary(table, column, cell.op, query.scale),
        fc.option(filterArbitrary(table, table.columns.get('letter')!, 'in'), {
          nil: undefined,
          freq: 2,
        }),
      )
      .map(([first, second]) => {
        const all = [first, second].filter(
          (filter): filter is OracleFilter => filter !== undefined,
        );
        return {
          query: { ...query, dataset: 'zoo', filters: all.map(({ filter }) => filter) },
          where: all.map(({ sql }) => `(${sql})`).join(' AND '),
        };
      }),
  );
}

type Encodings = Omit<Query, 'dataset' | 'filters'>;

function drawingArbitrary(
  table: OracleTable,
  drawing: Drawing,
  scale: Scale,
): fc.Arbitrary<Encodings> {
  const { mark } = drawing;
  const size = fc.record({
    width: fc.constantFrom(1, 7, 100, 333),
    height: fc.constantFrom(1, 50, 200),
  });
  const axis = (wanted: Scale): fc.Arbitrary<OracleColumn> =>
    fc.constantFrom(...axisColumns(table, wanted));
  const method = drawing.method === undefined ? {} : { method: drawing.method };
  switch (mark) {
    case 'scatter':
      return fc.tuple(scalesArbitrary(scale), size).chain(([scales, pixels]) =>
        fc.tuple(axis(scales.x), axis(scales.y)).chain(([x, y]) =>
          fc
            .tuple(domainArbitrary({ x, y }, scales), colorOfPoints, fc.boolean())
            .map(([domain, color, isExact]) => ({
              mark,
              x: x.name,
              y: y.name,
              scale: scales,
              ...pixels,
              ...method,
              ...domain,
              ...color,
              ...(isExact && { values: 'exact' as const }),
              budget: 2_000_000,
            })),
        ),
      );
    case 'line':
      return drawing.binned
        ? binnedLineArbitrary(table)
        : fc.tuple(scalesArbitrary(scale), size).chain(([scales, pixels]) =>
            fc
              .tuple(axis(scales.x), fc.constantFrom(...numberColumns(table, scales.y)))
              .chain(([x, y]) =>
                fc
                  .tuple(domainArbitrary({ x }, scales), lineSeries(y.name))
                  .map(([domain, series]) => ({
                    mark,
                    x: x.name,
                    scale: scales,
                    ...pixels,
                    ...method,
                    ...domain,
                    ...series,
                    budget: drawing.method === 'points' ? 2_000_000 : 1000,
                  })),
              ),
          );
    case 'histogram':
      return axis(scale).chain((x) =>
        fc
          .tuple(
            domainArbitrary({ x }, { x: scale, y: 'linear' }),
            fc.option(fc.constantFrom(1, 7, 40), { nil: undefined }),
            categoryArbitrary,
          )
          .map(([domain, bins, color]) => ({
            mark,
            x: x.name,
            scale: { x: scale },
            ...domain,
            ...color,
            ...(bins === undefined ? {} : { bins }),
          })),
      );
    case 'bar':
      return fc
        .tuple(
          fc.constantFrom(...keyColumns(table)),
          groupsArbitrary(table),
          fc.constantFrom(1, 5, 50, 10_000),
        )
        .map(([x, groups, limit]) => ({ mark, x: x.name, ...groups, limit }));
    case 'heatmap':
      return scalesArbitrary(scale).chain((scales) =>
        fc
          .tuple(
            axis(scales.x),
            axis(scales.y),
            aggregateArbitrary(table),
            fc.constantFrom(1, 9, 50),
          )
          .chain(([x, y, aggregate, cells]) =>
            domainArbitrary({ x, y }, scales).map((domain) => ({
              mark,
              x: x.name,
              y: y.name,
              scale: scales,
              aggregate,
              cells: { x: cells, y: cells },
              ...domain,
            })),
          ),
      );
    case 'value':
      return aggregateArbitrary(table).map((aggregate) => ({ mark, aggregate }));
    case 'rows':
      return fc.record({
        mark: fc.constant(mark),
        columns: fc.subarray([...table.columns.keys()], { minLength: 1, maxLength: 6 }),
        offset: fc.constantFrom(0, 1, 50, Math.floor(table.rows / 2)),
        limit: fc.constantFrom(0, 1, 20),
        sort: fc.array(
          fc.record({
            column: fc.constantFrom(...sortColumns(table)),
            order: fc.constantFrom('asc' as const, 'desc' as const),
          }),
          { maxLength: 2 },
        ),
      });
  }
}

function binnedLineArbitrary(table: OracleTable): fc.Arbitrary<Encodings> {
  const times = fc.tuple(
    fc.constantFrom('day', 'second', 'milli', 'micro', 'zoned'),
    fc.constantFrom('year' as const, 'month' as const, 'quarter' as const),
  );
  const numbers = fc.tuple(fc.constantFrom('few', 'utiny', 'tiny'), fc.constantFrom(1, 5, 16));
  return fc
    .tuple(
      fc.oneof<fc.Arbitrary<[string, string | number]>[]>(times, numbers),
      groupsArbitrary(table),
      fc.option(fc.constantFrom<NonNullable<Query['band']>>([0.1, 0.9], [0, 0.25]), { freq: 2 }),
    )
    .map(([[column, bin], groups, band]) => ({
      mark: 'line' as const,
      x: { column, bin: bin as 'year' },
      ...groups,
      ...(band !== null && (groups.y ?? groups.aggregate?.column) !== undefined && { band }),
    }));
}

type Groups = Pick<Query, 'y' | 'color' | 'top' | 'aggregate'>;

// One measure with or without a color, or one series a column of y.
function groupsArbitrary(table: OracleTable): fc.Arbitrary<Groups> {
  const one = fc
    .tuple(aggregateArbitrary(table), categoryArbitrary)
    .map(([aggregate, color]): Groups => ({ aggregate, ...color }));
  const several = fc
    .tuple(aggregateArbitrary(table), severalColumns)
    .map(([{ op, p }, y]): Groups => ({ aggregate: p === undefined ? { op } : { op, p }, y }));
  return fc.oneof({ arbitrary: one, weight: 3 }, several);
}

function lineSeries(y: string): fc.Arbitrary<Pick<Query, 'y' | 'color' | 'top'>> {
  return fc.oneof(
    { arbitrary: categoryArbitrary.map((color) => ({ y, ...color })), weight: 4 },
    severalColumns.map((columns) => ({ y: columns })),
  );
}

function aggregateArbitrary(table: OracleTable): fc.Arbitrary<NonNullable<Query['aggregate']>> {
  const numeric = numberColumns(table, 'linear').map(({ name }) => name);
  return fc
    .tuple(
      fc.constantFrom(...AGGREGATE_OPS),
      fc.constantFrom(...numeric),
      fc.constantFrom(0, 0.1, 0.5, 0.99, 1),
    )
    .map(([op, column, p]) =>
      op === 'count' && p < 0.5 ? { op } : op === 'quantile' ? { op, column, p } : { op, column },
    );
}

function scalesArbitrary(scale: Scale): fc.Arbitrary<{ x: Scale; y: Scale }> {
  return scale === 'linear'
    ? fc.constant({ x: 'linear', y: 'linear' })
    : fc.constantFrom({ x: 'log', y: 'linear' }, { x: 'linear', y: 'log' }, { x: 'log', y: 'log' });
}

function domainArbitrary(
  axes: { x: OracleColumn; y?: OracleColumn },
  scales: { x: Scale; y: Scale },
): fc.Arbitrary<{ domain?: NonNullable<Query['domain']> }> {
  const x = spanArbitrary(axes.x, scales.x);
  const y = axes.y === undefined ? fc.constant(undefined) : spanArbitrary(axes.y, scales.y);
  return fc.tuple(x, y).map(([x, y]) => {
    if (x === undefined && y === undefined) return {};
    return { domain: { ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) } };
  });
}

// Two of the column's own values: rows stand exactly on both ends.
function spanArbitrary(column: OracleColumn, scale: Scale): fc.Arbitrary<AxisDomain | undefined> {
  const usable = column.samples.filter(({ json }) => {
    if (column.kind === 'time') return true;
    const value = Number(json);
    return Number.isFinite(value) && (scale === 'linear' || value > 0);
  });
  if (usable.length < 2) return fc.constant(undefined);
  return fc.option(
    fc.tuple(fc.nat(usable.length - 1), fc.nat(usable.length - 1)).map(([a, b]) => {
      const low = usable[Math.min(a, b)]!;
      const high = usable[Math.max(a, b)]!;
      return [low.json, high.json];
    }),
    { nil: undefined, freq: 3 },
  );
}

function axisColumns(table: OracleTable, scale: Scale): OracleColumn[] {
  const times =
    scale === 'linear' ? [...table.columns.values()].filter(({ kind }) => kind === 'time') : [];
  return [...numberColumns(table, scale), ...times];
}

function numberColumns(table: OracleTable, scale: Scale): OracleColumn[] {
  return [...table.columns.values()].filter(
    ({ kind, axis, positive }) => kind === 'number' && axis && (scale === 'linear' || positive),
  );
}

function keyColumns(table: OracleTable): OracleColumn[] {
  return [
    'flag',
    'letter',
    'word',
    'few',
    'cents',
    'color',
    'many',
    'wide',
    'uuid',
    'utiny',
    'nothing',
  ].map((name) => table.columns.get(name)!);
}

function sortColumns(table: OracleTable): string[] {
  return [...table.columns.values()]
    .filter(
      ({ kind, type }) => kind !== 'binary' && !type.startsWith('ENUM') && type !== 'INTERVAL',
    )
    .map(({ name }) => name);
}
