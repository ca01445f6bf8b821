import { axisOf, spanOf } from '../../client/chart/axis.js';
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
const TIME = { storage: 'int64', logical: { kind: 'time', unit: 's', zoned: false } } as const;

/** A table of a line: `x` counts the rows from 1, and is known to ascend; so is `at`, seconds since 1970. */
export function lineTable(y: Float64Array): MemorySnapshot {
  const table = memorySnapshot([
    { name: 'x', ...FLOAT, values: Array.from(y, (_, i) => i + 1) },
    { name: 'at', ...TIME, values: Array.from(y, (_, i) => BigInt(i + 1)) },
    { name: 'y', ...FLOAT, values: Array.from(y, (value) => (Number.isNaN(value) ? null : value)) },
  ]);
  for (const column of [0, 1]) table.snapshot.manifest.columns[column]!.info.ascending = true;
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
  query: Pick<Query, 'method' | 'filters' | 'x' | 'scale' | 'domain'>,
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
  const axis = axisOf('x', metadata, undefined);
  const x = columnPositions(frame, 'x', 'x', axis);
  const isLog = query.scale?.y === 'log';
  const values = numbersWithGaps(frame, 'y');
  const y = isLog ? Float64Array.from(values, Math.log10) : values;
  const chosen = query.domain?.y?.map((end) => (isLog ? Math.log10(Number(end)) : Number(end)));
  const view = {
    x: spanOf(metadata.domain!.x, axis)!,
    y: (chosen as [number, number] | undefined) ?? fitSpan(0.05, y),
  };
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

/**
 * The cover of each pixel by the stroke through all rows, gaps left open; `positionOf` gives where on the axes the rows
 * stand, if not as numbers.
 */
export function allRowsOf(
  y: Float64Array,
  stage: Stage,
  stroke: number,
  positionOf = { x: (x: number) => x, y: (value: number) => value },
): Float64Array {
  const { width, height } = stage;
  const whole = new Float64Array(width * height);
  for (let start = 0; start < y.length; start++) {
    if (Number.isNaN(y[start]!)) continue;
    let end = start + 1;
    while (end < y.length && !Number.isNaN(y[end]!)) end++;
    if (end - start > 1) {
      const rows = Array.from({ length: end - start }, (_, i) => start + i);
      const line = {
        x: rows.map((row) => pixelX(positionOf.x(row + 1), stage)),
        y: rows.map((row) => pixelY(positionOf.y(y[row]!), stage)),
      };
      const part = strokeOfAllRows(line, { width, height }, stroke / 2);
      // Stretches lie pixels apart: no pixel is covered by two.
      for (let i = 0; i < whole.length; i++) whole[i] = Math.max(whole[i]!, part[i]!);
    }
    start = end;
  }
  return whole;
}
