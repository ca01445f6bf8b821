import type { Chart, ChartOptions } from './types.js';

export type * from './types.js';

/** A chart that fills `element`. It asks for what it shows, and belongs to the caller until `destroy`. */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  void options;
  element.dataset['state'] = 'loading';
  return {
    update() {},
    setTheme() {},
    fit() {},
    toPng: () => Promise.reject(new Error('The chart has no picture yet.')),
    status: () => ({ state: 'loading', bytes: 0, elapsedMs: 0, renderer: 'cpu' }),
    destroy() {
      element.replaceChildren();
    },
  };
}
