import { DEFAULT_BUDGET, DEFAULT_HEIGHT, DEFAULT_WIDTH } from '../../../protocol/limits.js';
import type { Method } from '../../../protocol/query.js';
import type { Field } from '../../../workers/arrow/types.js';
import type { MarkedFrame } from '../../../workers/scan/mark.js';
import type { ScatterColor } from '../../../workers/marks/scatter/plan.js';
import { HalftoneError } from '../../errors.js';
import type { ColumnRef } from '../columns.js';
import { axisPlan, axisUnit, endsInJson, resolveAxis, resolveEnds } from '../axis.js';
import { mismatch } from '../bound.js';
import { resolveCategories } from '../color.js';
import { frameBase } from '../frame-base.js';
import type { MarkEngine } from '../mark-engine.js';
import { needColumn } from '../need-column.js';
import { chooseOffsets } from '../offsets.js';
import type { Run } from '../run.js';

/** Parts of a scan that adds up mean colors hold at most so many cells together: 16 bytes each. */
const MAX_MEAN_CELLS = 2 ** 22;

/** Every matching row as a point, or counted in the pixel that it falls into. */
export const scatter: MarkEngine = (query, scope) => {
  const { width = DEFAULT_WIDTH, height = DEFAULT_HEIGHT, method = 'auto' } = query;
  checkMethod(method);
  const x = resolveAxis(query, 'x', needColumn(query, scope, 'x'));
  const y = resolveAxis(query, 'y', needColumn(query, scope, 'y'));
  const color = query.color === undefined ? null : colorColumn(scope.use(query.color, 'color'));
  const budget = method === 'density' ? 0 : (query.budget ?? DEFAULT_BUDGET);

  return { compute, tiled: { x, y, cells: width * height, isColored: color !== null } };

  async function compute(run: Run): Promise<MarkedFrame> {
    // Not as `{ ...frameBase(…), unit, … }`: see `completed` in workers/scan/frame.ts.
    const base = Object.assign(frameBase(query, scope), {
      unit: { x: axisUnit(x), y: axisUnit(y) },
      width,
      height,
    });
    const ends = await resolveEnds([x, y], run);
    if (ends === null) {
      const { result } = await run.compute<'nothing'>(
        budget === 0
          ? { kind: 'nothing', method: 'density', fields: densityFields(color) }
          : { kind: 'nothing', method: 'points', fields: pointFields(color) },
        { frame: budget === 0 ? { ...base, layout: 'sparse' } : base },
      );
      return result;
    }
    const axes = { x: axisPlan(x, ends[0]!, width), y: axisPlan(y, ends[1]!, height) };
    const { result } = await run.compute<'scatter'>(
      {
        kind: 'scatter',
        ...axes,
        budget,
        offsets:
          query.values === 'exact' ? null : { x: chooseOffsets(axes.x), y: chooseOffsets(axes.y) },
        color: color && (await scatterColor(color)),
      },
      {
        frame: Object.assign(base, {
          domain: { x: endsInJson(x, ends[0]!), y: endsInJson(y, ends[1]!) },
        }),
        ...(color?.kind === 'number' && {
          parts: Math.max(1, Math.min(8, Math.floor(MAX_MEAN_CELLS / (width * height)))),
        }),
      },
    );
    return result;

    async function scatterColor({ kind, ref }: ColorColumn): Promise<ScatterColor> {
      return kind === 'number'
        ? { kind, column: ref.position, name: ref.name }
        : { kind, ...(await resolveCategories(query, ref, scope, run)) };
    }
  }
};

function checkMethod(method: Method): void {
  if (method === 'auto' || method === 'points' || method === 'density') return;
  throw new HalftoneError('QUERY_INVALID', `A scatter has no method "${method}".`, {
    field: 'method',
    hint: 'Use auto, points or density; or the mark line.',
  });
}

interface ColorColumn {
  kind: 'number' | 'category';
  ref: ColumnRef;
}

function colorColumn(ref: ColumnRef): ColorColumn {
  switch (ref.logical.kind) {
    case 'text':
    case 'boolean':
      return { kind: 'category', ref };
    case 'integer':
    case 'float':
    case 'decimal':
      return { kind: 'number', ref };
    default:
      throw mismatch(ref, 'color', 'a color', 'Color by a text, a boolean or a number.');
  }
}

const UINT32 = { type: 'int', bits: 32, signed: false } as const;
const FLOAT32 = { type: 'float', bits: 32 } as const;

function colorFields(color: ColorColumn | null): Field[] {
  if (color === null) return [];
  return color.kind === 'number'
    ? [{ name: 'color', type: FLOAT32 }]
    : [{ name: 'color', type: { type: 'utf8' }, dictionary: { id: 0, bits: 8 } }];
}

function pointFields(color: ColorColumn | null): Field[] {
  return [
    { name: 'x', type: FLOAT32 },
    { name: 'y', type: FLOAT32 },
    { name: 'row', type: UINT32 },
    ...colorFields(color),
  ];
}

function densityFields(color: ColorColumn | null): Field[] {
  return [
    { name: 'cell', type: UINT32 },
    { name: 'count', type: { type: 'int', bits: 8, signed: false } },
    ...colorFields(color),
  ];
}
