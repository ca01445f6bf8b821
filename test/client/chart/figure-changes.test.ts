import { expect, test } from 'vitest';
import { rangesOf, steadyPart, ticksOf } from '../../../client/chart/figure-changes.js';

const figure = (yaxis: object) => ({
  data: [{ x: [null], marker: { colorbar: { tickvals: [1] } } }],
  layout: { xaxis: { range: [0, 1] }, yaxis: { range: [2, 3], ...yaxis } },
});

test('ranges and ticks of the axes are told from the rest of a figure', () => {
  const plain = figure({ tickmode: 'array', tickvals: [2], ticktext: ['two'] });
  const moved = figure({ tickmode: 'array', tickvals: [3], ticktext: ['three'], range: [3, 4] });
  expect(steadyPart(plain)).toBe(steadyPart(moved));
  expect(steadyPart(plain)).not.toBe(steadyPart(figure({})));
  const other = { ...plain, data: [{ x: [null], marker: { colorbar: { tickvals: [2] } } }] };
  expect(steadyPart(plain)).not.toBe(steadyPart(other));
  expect(rangesOf(moved)).toEqual({ 'xaxis.range': [0, 1], 'yaxis.range': [3, 4] });
  expect(ticksOf(moved)).toEqual({ 'yaxis.tickvals': [3], 'yaxis.ticktext': ['three'] });
  expect(ticksOf(figure({}))).toEqual({});
});
