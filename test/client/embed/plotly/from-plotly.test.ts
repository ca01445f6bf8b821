import { describe, expect, test } from 'vitest';
import { fromPlotly } from '../../../../client/embed/plotly/from-plotly.js';
import { parseAddress } from '../../../../protocol/address/address.js';

const flights = { dataset: 'flights' };
const title = (text: string) => ({ title: { text } });
/** As Plotly's Python packs a list of numbers. */
const packed = { dtype: 'f8', bdata: 'AAAAAAAA8D8=' };

describe('a figure of Plotly Express becomes', () => {
  test('a scatter with the columns of its axes and of its legend, its size and opacity', () => {
    const trace = (name: string) => ({
      type: 'scattergl',
      mode: 'markers',
      name,
      x: packed,
      y: packed,
      marker: { size: 6, opacity: 0.4, symbol: 'circle', color: '#636efa' },
    });
    const picture = fromPlotly(
      {
        data: [trace('ATL'), trace('LAS')],
        layout: {
          title: { text: '<b>Delays</b>' },
          xaxis: title('distance'),
          yaxis: { ...title('delay'), type: 'log', range: [0, 2] },
          legend: title('origin'),
        },
      },
      flights,
    );
    expect(picture.link).toBe(
      'explore/flights?mark=scatter&x=distance&y=delay&color=origin&size=3&opacity=0.4&ys=log&yr=1,100',
    );
    expect(picture.style).toEqual({ radius: 3, opacity: 0.4 });
    expect(picture.title).toBe('Delays');
    expect(picture.notHonoured).toEqual(['marker.color: categories have the colors of the theme.']);
    expect(parseAddress(picture.link)).toEqual({ view: picture.view, faults: [] });
  });

  test('a scatter colored by the number that its color bar names, in its scale', () => {
    const { view, colors, notHonoured } = fromPlotly(
      {
        data: [
          {
            type: 'scatter',
            mode: 'markers',
            x: [1],
            y: [2],
            marker: { color: packed, coloraxis: 'coloraxis' },
          },
        ],
        layout: {
          xaxis: title('a'),
          yaxis: title('b'),
          coloraxis: {
            colorbar: title('c'),
            colorscale: [
              [0, '#000'],
              [1, 'rgb(255, 255, 255)'],
            ],
          },
        },
      },
      flights,
    );
    expect(view).toMatchObject({ mark: 'scatter', color: 'c' });
    expect(colors.ramp).toHaveLength(10);
    expect([colors.ramp![0], colors.ramp![9]]).toEqual(['#000000', '#ffffff']);
    expect(notHonoured).toEqual([]);
  });

  test('a line where its mode joins the rows', () => {
    const { view } = fromPlotly(
      {
        data: [{ type: 'scattergl', mode: 'lines', x: packed, y: packed }],
        layout: { xaxis: title('date'), yaxis: title('price') },
      },
      flights,
    );
    expect(view).toEqual({
      dataset: 'flights',
      mark: 'line',
      x: 'date',
      y: ['price'],
      bin: 'none',
    });
  });

  test('lines as wide as the first of them', () => {
    const figure = (...widths: number[]) => ({
      data: widths.map((width) => ({ mode: 'lines', x: packed, y: packed, line: { width } })),
      layout: { xaxis: title('date'), yaxis: title('price'), legend: title('symbol') },
    });
    const alike = fromPlotly(figure(4, 4), flights);
    expect(alike.link).toBe(
      'explore/flights?mark=line&x=date&y=price&color=symbol&bin=none&stroke=4',
    );
    expect(alike.style).toEqual({ stroke: 4 });
    expect(alike.notHonoured).toEqual([]);
    expect(parseAddress(alike.link)).toEqual({ view: alike.view, faults: [] });
    const unlike = fromPlotly(figure(40, 1), flights);
    expect(unlike.view.stroke).toBe(16);
    expect(unlike.style).toEqual({ stroke: 40 });
    expect(unlike.notHonoured).toEqual(['line.width: all lines have one width.']);
  });

  test('a histogram, with as many bins', () => {
    const data = [{ type: 'histogram', x: packed, nbinsx: 25 }];
    const layout = { xaxis: title('delay'), yaxis: title('count') };
    expect(fromPlotly({ data, layout }, flights).link).toBe(
      'explore/flights?mark=histogram&x=delay&bins=25',
    );
  });

  test('a heatmap of counts, or of what its color bar names', () => {
    const layout = { xaxis: title('a'), yaxis: title('b') };
    const counts = fromPlotly(
      { data: [{ type: 'histogram2d', x: packed, y: packed }], layout },
      flights,
    );
    expect(counts.link).toBe('explore/flights?mark=heatmap&x=a&y=b');
    const data = [
      {
        type: 'histogram2d',
        x: packed,
        y: packed,
        z: packed,
        histfunc: 'avg',
        coloraxis: 'coloraxis',
      },
    ];
    const means = fromPlotly(
      { data, layout: { ...layout, coloraxis: { colorbar: title('avg of c') } } },
      flights,
    );
    expect(means.link).toBe('explore/flights?mark=heatmap&x=a&y=b&agg=mean&of=c');
  });

  test('a heatmap of text, whose ends are places and no values', () => {
    const { link, notHonoured } = fromPlotly(
      {
        data: [{ type: 'histogram2d', x: ['ATL', '9 Mile', ''], y: ['2001-01-05', '2001-02-03'] }],
        layout: {
          xaxis: { ...title('origin'), range: [-0.5, 2.5] },
          yaxis: { ...title('date'), range: ['2001-01-01', '2001-03-01'] },
        },
      },
      flights,
    );
    expect(link).toBe('explore/flights?mark=heatmap&x=origin&y=date&yr=2001-01-01,2001-03-01');
    expect(notHonoured).toEqual(['xaxis.range: an axis of categories shows all of them.']);
  });

  test('bars of the sum of each key, lying or standing', () => {
    const standing = fromPlotly(
      {
        data: [{ type: 'bar', x: ['ATL'], y: [1] }],
        layout: { xaxis: title('origin'), yaxis: title('delay') },
      },
      flights,
    );
    const lying = fromPlotly(
      {
        data: [{ type: 'bar', orientation: 'h', y: ['ATL'], x: [1] }],
        layout: { yaxis: title('origin'), xaxis: title('delay') },
      },
      flights,
    );
    expect(standing.link).toBe('explore/flights?mark=bar&x=origin&y=delay&agg=sum');
    expect(lying.link).toBe(standing.link);
  });
});

describe('a figure made by hand', () => {
  test('names its columns in place of their values', () => {
    const data = [{ type: 'scattergl', x: 'distance', y: 'delay', mode: 'markers' }];
    expect(fromPlotly({ data }, flights).view).toMatchObject({ x: 'distance', y: ['delay'] });
  });

  test('is told which of its columns the dataset lacks', () => {
    const data = [{ type: 'scatter', mode: 'markers', x: 'distance', y: 'dealy' }];
    const { view, notHonoured } = fromPlotly(
      { data },
      { ...flights, columns: ['distance', 'delay'] },
    );
    expect(view.y).toBeUndefined();
    expect(notHonoured).toContain('y: the dataset has no column "dealy".');
  });

  test('is told what is not honoured, part by part', () => {
    const { notHonoured } = fromPlotly(
      {
        data: [
          {
            type: 'scatter',
            mode: 'lines+markers+text',
            x: 'a',
            y: 'b',
            text: ['one'],
            marker: { size: [1, 2], symbol: 'cross', color: 'rebeccapurple' },
            line: { dash: 'dot' },
            error_y: { array: [1] },
            fill: 'tozeroy',
            colorscale: 'Rainbow',
          },
          { type: 'bar', x: 'a', y: 'b' },
        ],
        layout: {
          shapes: [{}],
          annotations: [{}],
          xaxis: { range: [5, 1] },
          yaxis2: { side: 'right' },
        },
      },
      flights,
    );
    const parts = notHonoured.map((sentence) => sentence.slice(0, sentence.indexOf(':')));
    expect(new Set(parts)).toEqual(
      new Set([
        'mode',
        'xaxis.range',
        'marker.symbol',
        'line.dash',
        'fill',
        'error_y',
        'text',
        'data',
        'marker.color',
        'marker.size',
        'colorscale',
        'layout.shapes',
        'layout.annotations',
        'layout.yaxis2',
      ]),
    );
  });

  test('is refused without a trace, and with one of a kind that is not taken over', () => {
    expect(() => fromPlotly({}, flights)).toThrow('The figure has no trace.');
    expect(() => fromPlotly({ data: [{ type: 'pie' }] }, flights)).toThrow(
      'A trace of the type "pie" is not taken over: it has to be scatter, scattergl',
    );
  });

  test('of nonsense throws nothing else', () => {
    for (const nonsense of [null, 0, 'x', [], {}, [[]], { title: null }]) {
      const figure = {
        data: [
          {
            type: 'scatter',
            mode: nonsense,
            x: nonsense,
            y: nonsense,
            marker: nonsense,
            line: nonsense,
          },
        ],
        layout: {
          xaxis: nonsense,
          yaxis: { range: nonsense },
          legend: nonsense,
          coloraxis: nonsense,
        },
      };
      expect(fromPlotly(figure, flights).view.dataset).toBe('flights');
    }
  });
});
