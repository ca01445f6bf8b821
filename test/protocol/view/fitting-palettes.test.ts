import { expect, test } from 'vitest';
import type { ColumnInfo } from '../../../protocol/column.js';
import { fittingPalettes } from '../../../protocol/view/fitting-palettes.js';
import { CATEGORY_PALETTES, NUMBER_RAMPS, RAMPS } from '../../../protocol/view/shading.js';

const base = { type: '', nulls: 0, min: null, max: null };
const text: ColumnInfo = { ...base, name: 'kind', kind: 'text' };
const number: ColumnInfo = { ...base, name: 'size', kind: 'number' };
const one = { color: undefined, y: [number], of: undefined, shading: {} };

test('numbers and counts have ramps, categories have colors, one color has no choice', () => {
  expect(fittingPalettes({ ...one, mark: 'heatmap' })).toBe(RAMPS);
  expect(fittingPalettes({ ...one, mark: 'heatmap', of: number })).toBe(NUMBER_RAMPS);
  expect(fittingPalettes({ ...one, mark: 'scatter' })).toEqual([]);
  expect(fittingPalettes({ ...one, mark: 'scatter', shading: { shade: 'log' } })).toBe(RAMPS);
  expect(fittingPalettes({ ...one, mark: 'scatter', color: number })).toBe(NUMBER_RAMPS);
  expect(fittingPalettes({ ...one, mark: 'scatter', color: text })).toBe(CATEGORY_PALETTES);
  expect(fittingPalettes({ ...one, mark: 'line' })).toEqual([]);
  expect(fittingPalettes({ ...one, mark: 'line', y: [number, number] })).toBe(CATEGORY_PALETTES);
  expect(fittingPalettes({ ...one, mark: 'histogram', color: text })).toBe(CATEGORY_PALETTES);
});
