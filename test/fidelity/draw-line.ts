import { columnPositions } from '../../client/chart/column-positions.js';
import { fitSpan } from '../../client/chart/marks/fit.js';
import { pixelX, pixelY, type Stage } from '../../client/chart/picture.js';
import { strokeLine } from '../../client/chart/render/stroke.js';
import { decodeFrame, numbersWithGaps } from '../../client/data/frame.js';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { inlinePool } from '../helpers/inline-pool.js';
import { memorySnapshot, type MemorySnapshot } from '../helpers/memory-snapshot.js';
import { strokeOfAllRows } from '../reference/all-rows.js';

const FLOAT = { storage: 'float64', logical: { kind: 'float', bits: 64 } } as const;
const AXIS = { kind: 'number', scale: 'linear', zoned: false, unit: 'number' } as const;

/** A table of a line: `x` counts the rows, and is known to ascend. */
export function lineTable(y: Float64Array): MemorySnapshot {
  const table = memorySnapshot([
    { name: 'x', ...FLOAT, values: Array.from(y, (_, i) => i) },
    { name: 'y', ...FLOAT, values: Array.from(y, (value) => (Number.isNaN(value) ? null : value)) },
  ]);
  table.snapshot.manifest.columns[0]!.info.ascending = true;
  return table;
}

export interface DrawnLine {
  method: string;
  /** Vertices sent. */
  marks: number;
  /** The cover of each pixel, 0 to 1, as the page draws the frame. */
  cover: Float64Array;
  stage: Stage;
}

/** Asks for a line and draws the frame with what the page draws it with. */
export async function drawLine(
  { snapshot, store }: MemorySnapshot,
  query: Pick<Query, 'method' | 'filters' | 'budget' | 'domain'>,
  { width, height, stroke }: { width: number; height: number; stroke: number },
): Promise<DrawnLine> {
  const engine = createEngine({ store, pool: inlinePool(2) });
  const { bytes, metadata } = await engine.frame(snapshot, {
    dataset: 'test',
    mark: 'line',
    x: 'x',
    y: 'y',
    width,
    height,
    ...(query.method === 'outline' ? { stroke } : {}),
    ...query,
  });
  const frame = decodeFrame(bytes);
  const x = columnPositions(frame, 'x', 'x', AXIS);
  const y = numbersWithGaps(frame, 'y');
  const view = { x: metadata.domain!.x as [number, number], y: fitSpan(0.05, y) };
  const stage: Stage = { width, height, ratio: 1, view };
  const cover = new Float64Array(width * height);
  const line = {
    x: x.map((position) => pixelX(position, stage)),
    y: Float64Array.from(y, (position) => pixelY(position, stage)),
  };
  strokeLine(line, { width, height, radius: stroke / 2 }, (pixel, share) => {
    cover[pixel] = share;
  });
  return { method: metadata.method, marks: metadata.marks, cover, stage };
}

/** The cover of each pixel by the stroke through all rows, gaps left open. */
export function allRowsOf(y: Float64Array, stage: Stage, stroke: number): Float64Array {
  const { width, height } = stage;
  const whole = new Float64Array(width * height);
  for (let start = 0; start < y.length; start++) {
    if (Number.isNaN(y[start]!)) continue;
    let end = start + 1;
    while (end < y.length && !Number.isNaN(y[end]!)) end++;
    if (end - start > 1) {
      const rows = Array.from({ length: end - start }, (_, i) => start + i);
      const line = {
        x: rows.map((row) => pixelX(row, stage)),
        y: rows.map((row) => pixelY(y[row]!, stage)),
      };
      const part = strokeOfAllRows(line, { width, height }, stroke / 2);
      // Stretches lie pixels apart: no pixel is covered by two.
      for (let i = 0; i < whole.length; i++) whole[i] = Math.max(whole[i]!, part[i]!);
    }
    start = end;
  }
  return whole;
}
