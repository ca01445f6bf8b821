import { createChart, type Chart } from '../../../client/chart/chart.js';
import { decodeFrame } from '../../../client/data/frame.js';
import { themeOf } from '../../../client/theme.js';
import { answerTiny } from '../../fixtures/tiny-engine.js';
import { tinyFlights } from '../../fixtures/tiny-tables.js';

/** What tests reach through `page.evaluate`: charts of a page, and how many contexts of WebGL it has asked for. */
export interface GalleryPage {
  charts: Chart[];
  contexts: WebGLRenderingContext[];
  /** Shows so many charts of rows of their own. */
  show(count: number, rows: number): void;
  /** How many pixels of each chart's marks are not clear. */
  inks(): number[];
}

const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as () => unknown;
HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: never) {
  const context = Reflect.apply(getContext, this, args);
  if (args[0] === 'webgl' && context !== null)
    state.contexts.push(context as WebGLRenderingContext);
  return context as never;
};

const gallery = document.querySelector('#gallery')!;
const state: GalleryPage = {
  charts: [],
  contexts: [],
  show(count, rows) {
    const table = tinyFlights(rows);
    for (let i = 0; i < count; i++) {
      const element = document.createElement('div');
      element.className = 'chart';
      gallery.append(element);
      const chart = createChart(element, {
        theme: themeOf('light'),
        ask: (query) => Promise.resolve(decodeFrame(answerTiny(table, query))),
      });
      state.charts.push(chart);
      chart.update({
        query: { dataset: 'flights', snapshot: 's', mark: 'scatter', x: 'distance', y: 'delay' },
        domain: { x: [i * 10, 3000], y: [-60, 180] },
        legend: false,
      });
    }
  },
  inks: () =>
    [...document.querySelectorAll<HTMLCanvasElement>('.halftone-marks')].map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let ink = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) ink++;
      return ink;
    }),
};
Object.assign(globalThis, { gallery: state });
