// The words of a query, apart from their schemas: the page takes them without TypeBox.

export const MARKS = ['scatter', 'line', 'histogram', 'bar', 'heatmap', 'value', 'rows'] as const;
export type Mark = (typeof MARKS)[number];

export const METHODS = [
  'auto',
  'points',
  'density',
  'm4',
  'outline',
  'minmax',
  'lttb',
  'minmaxlttb',
] as const;
export type Method = (typeof METHODS)[number];

/** `fast` lets a sample answer where the exact answer would take long. */
export const QUALITIES = ['exact', 'fast'] as const;
export type Quality = (typeof QUALITIES)[number];

export const AGGREGATE_OPS = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'median',
  'quantile',
  'distinct',
] as const;
export type AggregateOp = (typeof AGGREGATE_OPS)[number];

export const CALENDAR_UNITS = [
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

export const SCALES = ['linear', 'log'] as const;
export type Scale = (typeof SCALES)[number];
