import type { Bound, Filter, InFilter, PolygonFilter, RangeFilter } from '../../protocol/query.js';
import type { PolygonAxis, Predicate } from '../../workers/scan/predicate.js';
import { HalftoneError } from '../errors.js';
import { floatOf, fromBase64, integerBound, mismatch } from './bound.js';
import type { ColumnRef, ColumnScope } from './columns.js';
import { ceilOf, floorOf, isAbove, nextDown, nextUp, toNumber } from './exact-number.js';

const INT64_LOW = -(2n ** 63n);
const INT64_HIGH = 2n ** 63n - 1n;

/** Resolves a list of filters, all of which a row must pass; null where there is nothing to test. */
export function resolveFilters(
  filters: readonly Filter[],
  scope: ColumnScope,
  scale: { x?: 'linear' | 'log' | undefined; y?: 'linear' | 'log' | undefined } = {},
  path = 'filters',
): Predicate | null {
  const parts = filters.map((filter, i) => resolveFilter(filter, scope, scale, `${path}[${i}]`));
  const needed = parts.filter((part) => !(part.test === 'constant' && part.value));
  if (needed.length === 0) return null;
  return needed.length === 1 ? needed[0]! : { test: 'all', of: needed };
}

function resolveFilter(
  filter: Filter,
  scope: ColumnScope,
  scale: { x?: 'linear' | 'log' | undefined; y?: 'linear' | 'log' | undefined },
  path: string,
): Predicate {
  switch (filter.op) {
    case 'in': {
      const within = resolveIn(filter, scope.use(filter.column, `${path}.column`), path);
      return filter.exclude === true ? { test: 'not', of: within } : within;
    }
    case 'range':
      return resolveRange(filter, scope.use(filter.column, `${path}.column`), path);
    case 'contains': {
      const ref = scope.use(filter.column, `${path}.column`);
      if (ref.logical.kind !== 'text') {
        throw mismatch(ref, `${path}.column`, 'contains', `"contains" looks into text only.`);
      }
      return {
        test: 'contains',
        column: ref.position,
        text: filter.text,
        caseSensitive: filter.caseSensitive ?? false,
      };
    }
    case 'null':
      return { test: 'null', column: scope.use(filter.column, `${path}.column`).position };
    case 'polygon':
      return resolvePolygon(filter, scope, scale, path);
    case 'not':
      return { test: 'not', of: resolveFilter(filter.filter, scope, scale, `${path}.filter`) };
    case 'any':
      return {
        test: 'any',
        of: filter.filters.map((inner, i) =>
          resolveFilter(inner, scope, scale, `${path}.filters[${i}]`),
        ),
      };
  }
}

function resolveIn({ values }: InFilter, ref: ColumnRef, path: string): Predicate {
  const nulls = values.includes(null);
  const given = values.flatMap((value, i) =>
    value === null ? [] : [{ value, field: `${path}.values[${i}]` }],
  );
  const column = ref.position;
  const { kind } = ref.logical;
  if (kind === 'boolean') {
    const lut = new Uint8Array(2);
    for (const { value, field } of given) {
      if (typeof value !== 'boolean')
        throw mismatch(ref, field, value, 'Give true, false or null.');
      lut[value ? 1 : 0] = 1;
    }
    return { test: 'codes', column, lut, nulls };
  }
  if (kind === 'text' || kind === 'binary') {
    const bytes = given.map(({ value, field }) => {
      if (typeof value !== 'string') throw mismatch(ref, field, value, 'Give strings or null.');
      return kind === 'text' ? new TextEncoder().encode(value) : fromBase64(value, ref, field);
    });
    return { test: 'bytes', column, values: bytes, nulls };
  }
  if (kind === 'float') {
    const numbers = given.map(({ value, field }) => floatOf(value, ref, field));
    const finite = new Set(numbers.filter((number) => !Number.isNaN(number)));
    const list = Float64Array.from(finite).toSorted();
    return {
      test: 'in',
      column,
      form: 'value',
      values: list,
      nan: numbers.some(Number.isNaN),
      nulls,
    };
  }
  // What is between two integers of the column equals none of them.
  const integers = given.flatMap(({ value, field }) => {
    const exact = integerBound(value, ref, field);
    const floor = floorOf(exact);
    return floor === ceilOf(exact) ? [floor] : [];
  });
  if (ref.integers === 'raw') {
    const safe = integers.map(Number).filter(Number.isSafeInteger);
    const list = Float64Array.from(new Set(safe)).toSorted();
    return { test: 'in', column, form: 'raw', values: list, nan: false, nulls };
  }
  return { test: 'exact in', column, values: [...new Set(integers)], nulls };
}

function resolveRange(filter: RangeFilter, ref: ColumnRef, path: string): Predicate {
  const { min, max, minExclusive = false, maxExclusive = false } = filter;
  const column = ref.position;
  const { kind } = ref.logical;
  if (kind === 'text' || kind === 'boolean' || kind === 'binary') {
    throw mismatch(
      ref,
      `${path}.column`,
      'range',
      `Use { "op": "in" }${kind === 'text' ? ' or { "op": "contains" }' : ''} instead.`,
    );
  }
  if (kind === 'float') {
    let low = min === undefined ? -Infinity : boundOf(min, ref, `${path}.min`);
    let high = max === undefined ? Infinity : boundOf(max, ref, `${path}.max`);
    checkOrder(low <= high, filter, path);
    if (minExclusive && min !== undefined) low = low === Infinity ? NaN : nextUp(low);
    if (maxExclusive && max !== undefined) high = high === -Infinity ? NaN : nextDown(high);
    return low <= high
      ? { test: 'range', column, form: 'value', low, high }
      : { test: 'constant', value: false };
  }
  const least = min === undefined ? undefined : integerBound(min, ref, `${path}.min`);
  const most = max === undefined ? undefined : integerBound(max, ref, `${path}.max`);
  if (least !== undefined && most !== undefined) checkOrder(!isAbove(least, most), filter, path);
  const lowest = ref.integers === 'wide' ? -(2n ** 127n) : INT64_LOW;
  const highest = ref.integers === 'wide' ? 2n ** 127n - 1n : INT64_HIGH;
  let low = lowest;
  let high = highest;
  // What is above an open bound begins with the integer after its floor; an integer bound is itself left out.
  if (least !== undefined) low = minExclusive ? floorOf(least) + 1n : ceilOf(least);
  if (most !== undefined) high = maxExclusive ? ceilOf(most) - 1n : floorOf(most);
  if (low < lowest) low = lowest;
  if (high > highest) high = highest;
  if (low > high) return { test: 'constant', value: false };
  if (ref.integers === 'raw') {
    return { test: 'range', column, form: 'raw', low: Number(low), high: Number(high) };
  }
  return { test: 'exact range', column, form: ref.integers as 'i64' | 'wide', low, high };
}

function boundOf(value: Bound, ref: ColumnRef, field: string): number {
  const bound = floatOf(value, ref, field);
  if (!Number.isNaN(bound)) return bound;
  throw new HalftoneError('QUERY_INVALID', `"${field}" is NaN, which is in no range.`, {
    field,
    hint: 'Use { "op": "in", "values": ["NaN"] } to find it.',
  });
}

function checkOrder(ordered: boolean, { column, min, max }: RangeFilter, path: string): void {
  if (ordered) return;
  throw new HalftoneError(
    'QUERY_INVALID',
    `The range of "${column}" is reversed: ${path}.min is ${JSON.stringify(min)}, above max, ${JSON.stringify(max)}.`,
    { field: path, hint: 'Swap min and max.' },
  );
}

function resolvePolygon(
  filter: PolygonFilter,
  scope: ColumnScope,
  scale: { x?: 'linear' | 'log' | undefined; y?: 'linear' | 'log' | undefined },
  path: string,
): Predicate {
  const side = (name: 'x' | 'y', k: 0 | 1): PolygonAxis => {
    const ref = scope.use(filter[name], `${path}.${name}`);
    const { kind } = ref.logical;
    if (kind === 'text' || kind === 'boolean' || kind === 'binary') {
      throw mismatch(
        ref,
        `${path}.${name}`,
        'polygon',
        'A polygon needs numbers or times on both axes.',
      );
    }
    const isTime = kind === 'time' || kind === 'clock';
    const field = (i: number): string => `${path}.points[${i}][${k}]`;
    const exact = isTime
      ? filter.points.map((point, i) => integerBound(point[k], ref, field(i)))
      : null;
    // Nanoseconds since 1970 are more than doubles tell apart; those since a corner are not.
    const origin = exact === null || ref.integers === 'raw' ? null : floorOf(exact[0]!);
    const corners =
      exact === null
        ? filter.points.map((point, i) => floatOf(point[k], ref, field(i)))
        : exact.map((corner) => toNumber(corner, origin ?? 0n));
    const log = scale[name] === 'log' && !isTime;
    const bad = corners.findIndex((value) => !Number.isFinite(value) || (log && value <= 0));
    if (bad >= 0) {
      throw new HalftoneError(
        'QUERY_INVALID',
        `${field(bad)} is ${JSON.stringify(filter.points[bad]![k])}, which has no place on a ${log ? 'log' : 'linear'} axis.`,
        { field: field(bad) },
      );
    }
    return { column: ref.position, origin, log, corners: Float64Array.from(corners) };
  };
  return { test: 'polygon', x: side('x', 0), y: side('y', 1) };
}
