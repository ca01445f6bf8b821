import { HalftoneChart, type ChartElementEvents } from './chart-element.js';
import { HalftoneDashboard, type DashboardElementEvents } from './dashboard-element.js';

export { HalftoneChart, HalftoneDashboard };
export type { DashboardElementEvents } from './dashboard-element.js';
export type { ChartSelection } from './select-message.js';
export type { ChartElementEvents, SelectDetail } from './chart-element.js';

declare global {
  interface HTMLElementTagNameMap {
    'halftone-chart': HalftoneChart;
    'halftone-dashboard': HalftoneDashboard;
  }
  interface HTMLElementEventMap extends ChartElementEvents, DashboardElementEvents {}
}

// Two copies of the package in one page are one element.
for (const [name, element] of [
  ['halftone-chart', HalftoneChart],
  ['halftone-dashboard', HalftoneDashboard],
] as const) {
  if (customElements.get(name) === undefined) customElements.define(name, element);
}
