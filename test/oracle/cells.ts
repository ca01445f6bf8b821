import type { FilterOp, Mark, Method, Scale } from '../../protocol/query.js';
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

/**
 * The matrix as text: a row a stored type and operator, a column a drawing and scale, each entry the number of
 * cases that ran. `count` gives it for one place.
 */
export function printMatrix(
  storages: readonly string[],
  ops: readonly FilterOp[],
  count: (storage: string, op: FilterOp, drawing: Drawing, scale: Scale) => number,
): string {
  const columns = DRAWINGS.flatMap((drawing) =>
    drawing.scales.map((scale) => ({ drawing, scale })),
  );
  const head = ['stored as'.padEnd(11), 'filter'.padEnd(9)].concat(
    columns.map(({ drawing, scale }) => `${drawingName(drawing)}${scale === 'log' ? ' log' : ''}`),
  );
  const lines = storages.flatMap((storage) =>
    ops.map((op) => {
      const counts = columns.map(({ drawing, scale }, at) =>
        String(count(storage, op, drawing, scale)).padStart(head[at + 2]!.length),
      );
      return [storage.padEnd(11), op.padEnd(9), ...counts].join('  ');
    }),
  );
  return [head.join('  '), ...lines].join('\n');
}
