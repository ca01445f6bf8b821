import {
  createChart,
  type Chart,
  type ChartSpec,
  type Hover,
} from '../../../client/chart/chart.js';
import { decodeFrame } from '../../../client/data/frame.js';
import { themeOf } from '../../../client/theme.js';
import type { Query } from '../../../protocol/query.js';
import { answerTiny } from '../../fixtures/tiny-engine.js';
import { tinyFlights, tinyWalk } from '../../fixtures/tiny-tables.js';

/** What tests reach through `page.evaluate`. */
export interface ChartPage {
  show(spec: ChartSpec): void;
  theme(name: 'light' | 'dark'): void;
  png(scale: number): Promise<string>;
  domains: unknown[];
  hovers: (Hover | undefined)[];
  asked: Query[];
  /** Milliseconds that answers wait. */
  delayMs: number;
  chart: Chart;
}

const tables = {
  flights: tinyFlights(60_000),
  few: tinyFlights(400),
  some: tinyFlights(8000),
  walk: tinyWalk(9000),
};
const element = document.querySelector<HTMLElement>('#chart')!;
const state: ChartPage = {
  domains: [],
  hovers: [],
  asked: [],
  delayMs: 0,
  show: (spec) => state.chart.update(spec),
  theme(name) {
    document.body.className = name;
    state.chart.setTheme(themeOf(name));
  },
  async png(scale) {
    const blob = await state.chart.toPng({ scale });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  },
  chart: createChart(element, {
    theme: themeOf('light'),
    async ask(query, { signal } = {}) {
      state.asked.push(query);
      if (state.delayMs > 0) await new Promise((done) => setTimeout(done, state.delayMs));
      signal?.throwIfAborted();
      return decodeFrame(answerTiny(tables[query.dataset as keyof typeof tables], query));
    },
    onDomain: (domain) => state.domains.push(domain),
    onHover: (hover) => state.hovers.push(hover),
  }),
};
Object.assign(globalThis, { halftone: state });
