import {
  FILTER_OPS,
  type FilterOp,
  type Mark,
  type Method,
  type Scale,
} from '../../protocol/query.js';
import { operatorsFor } from './filters.js';
import type { OracleTable } from './table.js';

/** What is drawn, and how. */
export interface Drawing {
  mark: Mark;
  method?: Method;
  /** Line over a binned x. */
  binned?: boolean;
  scales: readonly Scale[];
}

const BOTH = ['linear', 'log'] as const;
const LINEAR = ['linear'] as const;

/** Every mark with every method, and the scales that mean something for it. */
export const DRAWINGS: readonly Drawing[] = [
  { mark: 'scatter', method: 'points', scales: BOTH },
  { mark: 'scatter', method: 'density', scales: BOTH },
  { mark: 'line', method: 'points', scales: BOTH },
  { mark: 'line', method: 'm4', scales: BOTH },
  { mark: 'line', method: 'outline', scales: BOTH },
  { mark: 'line', method: 'minmax', scales: BOTH },
  { mark: 'line', method: 'lttb', scales: BOTH },
  { mark: 'line', method: 'minmaxlttb', scales: BOTH },
  { mark: 'line', binned: true, scales: LINEAR },
  { mark: 'histogram', scales: BOTH },
  { mark: 'bar', scales: LINEAR },
  { mark: 'heatmap', scales: BOTH },
  { mark: 'value', scales: LINEAR },
  { mark: 'rows', scales: LINEAR },
];

/** One cell of the oracle's matrix: a column under a filter operator, drawn in one way. */
export interface MatrixCell {
  column: string;
  op: FilterOp;
  drawing: Drawing;
  scale: Scale;
}

/** Every cell that means something for the columns of a table. */
export function matrixCells(table: OracleTable): MatrixCell[] {
  return [...table.columns.values()].flatMap((column) =>
    operatorsFor(column).flatMap((op) =>
      DRAWINGS.flatMap((drawing) =>
        drawing.scales.map((scale) => ({ column: column.name, op, drawing, scale })),
      ),
    ),
  );
}

/** The name of a drawing in the matrix: `line m4`. */
export function drawingName({ mark, method, binned }: Drawing): string {
  return [mark, method, binned ? 'binned' : undefined].filter(Boolean).join(' ');
}

/** Where a cell stands in the matrix: what the column is stored as, the filter, the drawing and the scale. */
export function placeOf(
  storage: string,
  { op, drawing, scale }: Omit<MatrixCell, 'column'>,
): string {
  return [storage, op, drawingName(drawing), scale].join('|');
}

/**
 * The matrix as text: a row for each stored type and operator, a column for each drawing and scale, each entry the number
 * of cases that ran; a point where the operator means nothing for the type. `counts` has every place that can be.
 */
export function printMatrix(counts: ReadonlyMap<string, number>): string {
  const storages = [...new Set([...counts.keys()].map((place) => place.split('|')[0]!))].sort();
  const columns = DRAWINGS.flatMap((drawing) =>
    drawing.scales.map((scale) => ({
      drawing,
      scale,
      head: `${drawingName(drawing)}${scale === 'log' ? ' log' : ''}`,
    })),
  );
  const head = ['stored as'.padEnd(11), 'filter'.padEnd(9), ...columns.map(({ head }) => head)];
  const lines = storages.flatMap((storage) =>
    FILTER_OPS.map((op) => {
      const entries = columns.map(({ drawing, scale, head }) =>
        String(counts.get(placeOf(storage, { op, drawing, scale })) ?? '·').padStart(head.length),
      );
      return [storage.padEnd(11), op.padEnd(9), ...entries].join('  ');
    }),
  );
  return [head.join('  '), ...lines].join('\n');
}
