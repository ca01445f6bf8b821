import { expect, test } from 'vitest';
import { resolvePlot } from '../../../../protocol/view/resolve-plot.js';
import { chooseMark, chooseX, chooseY, edit, swapAxes } from '../../../../client/app/state/edit.js';
import type { View } from '../../../../protocol/address/view.js';
import { column, text, time } from '../../../protocol/view/columns-of.js';

const dataset = {
  columns: [time('date'), column('delay'), column('distance'), text('origin')],
  rows: 1000,
};
const start: View = { dataset: 'd' };
const plotOf = (view: View): ReturnType<typeof resolvePlot> => resolvePlot(view, dataset);

test('setting to undefined leaves a choice to the data again', () => {
  expect(edit({ dataset: 'd', color: 'a', top: 5 }, { color: undefined })).toEqual({
    dataset: 'd',
    top: 5,
  });
});

test('another mark keeps the columns that suit it', () => {
  const scatter: View = {
    dataset: 'd',
    mark: 'scatter',
    x: 'distance',
    y: ['delay'],
    color: 'origin',
    xDomain: ['0', '9'],
  };
  expect(chooseMark(scatter, plotOf(scatter), 'heatmap')).toEqual({
    dataset: 'd',
    mark: 'heatmap',
    x: 'distance',
    y: ['delay'],
    xDomain: ['0', '9'],
  });
  expect(chooseMark(scatter, plotOf(scatter), 'histogram')).toMatchObject({
    x: 'distance',
    color: 'origin',
  });
  expect(chooseMark(scatter, plotOf(scatter), 'bar')).toEqual({
    dataset: 'd',
    mark: 'bar',
    color: 'origin',
  });
});

test('a mark chosen on a suggested chart keeps what was seen', () => {
  expect(chooseMark(start, plotOf(start), 'scatter')).toEqual({
    dataset: 'd',
    mark: 'scatter',
    x: 'date',
    y: ['delay'],
  });
  expect(chooseMark(start, plotOf(start), 'bar')).toMatchObject({ mark: 'bar', y: ['delay'] });
});

test('another x settles the mark and y, and drops the old domain', () => {
  const view = { ...start, xDomain: ['2001-01-01', '2001-01-02'] };
  expect(chooseX(view, plotOf(view), 'distance')).toEqual({
    dataset: 'd',
    mark: 'line',
    x: 'distance',
    y: ['delay'],
  });
});

test('no y at all gives a count, without an aggregate', () => {
  const bar: View = { dataset: 'd', mark: 'bar', x: 'origin', y: ['delay'], agg: 'max' };
  expect(chooseY(bar, plotOf(bar), [])).toEqual({ dataset: 'd', mark: 'bar', x: 'origin' });
});

test('swapped axes take their domains and scales along, and swapping twice changes nothing', () => {
  const view: View = {
    dataset: 'd',
    mark: 'scatter',
    x: 'distance',
    y: ['delay'],
    xDomain: ['1', '2'],
    xScale: 'log',
  };
  const swapped = swapAxes(view, plotOf(view));
  expect(swapped).toEqual({
    dataset: 'd',
    mark: 'scatter',
    x: 'delay',
    y: ['distance'],
    yDomain: ['1', '2'],
    yScale: 'log',
  });
  expect(swapAxes(swapped, plotOf(swapped))).toEqual(view);
});
