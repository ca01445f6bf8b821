import { HalftoneChart, type ChartElementEvents } from './chart-element.js';

export { HalftoneChart };
export type { ChartElementEvents, SelectDetail } from './chart-element.js';

declare global {
  interface HTMLElementTagNameMap {
    'halftone-chart': HalftoneChart;
  }
  interface HTMLElementEventMap extends ChartElementEvents {}
}

// Two copies of the package in one page are one element.
if (customElements.get('halftone-chart') === undefined) {
  customElements.define('halftone-chart', HalftoneChart);
}
