export { createChart } from '../chart/chart.js';
export type {
  BrushShares,
  Chart,
  ChartDomain,
  ChartOptions,
  ChartSpec,
  ChartState,
  ChartStatus,
  Hover,
  SelectPhase,
  Tool,
} from '../chart/types.js';
export { ProblemError, type Ask, type AskOptions } from '../data/ask.js';
export { valueAt, type Column, type Numbers, type Value } from '../data/arrow/column.js';
export {
  categoriesOf,
  columnOf,
  decodeFrame,
  numbersOf,
  type Categories,
  type DecodedFrame,
} from '../data/frame.js';
export { DARK, LIGHT, type Theme } from '../theme.js';
export { createClient, type Client, type ClientOptions, type ExportFormat } from './client.js';
export type { SnapshotNews } from './follow-snapshots.js';
export type { ArrowType } from '../../protocol/arrow-type.js';
export type { DatasetInfo } from '../../protocol/dataset.js';
export type { ColumnInfo } from '../../protocol/column.js';
export type { FrameMetadata } from '../../protocol/frame.js';
export type { Filter, Query } from '../../protocol/query.js';
export { fromPlotly, type FromPlotly, type FromPlotlyOptions } from './plotly/from-plotly.js';
