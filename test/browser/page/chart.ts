import {
  createChart,
  type Chart,
  type ChartSpec,
  type Hover,
} from '../../../client/chart/chart.js';
import { decodeFrame, numbersOf, type DecodedFrame } from '../../../client/data/frame.js';
import { themeOf } from '../../../client/theme.js';
import type { BrushShares } from '../../../client/chart/types.js';
import type { Filter, Query } from '../../../protocol/query.js';
import { answerTiny } from '../../fixtures/tiny-engine.js';
import { tinyFlights, tinyWalk } from '../../fixtures/tiny-tables.js';

/** What tests reach through `page.evaluate`. */
export interface ChartPage {
  show(spec: ChartSpec): void;
  /** The same, and resolves when the exact picture stands there with its axes. */
  draw(spec: ChartSpec): Promise<void>;
  theme(name: 'light' | 'dark'): void;
  png(scale: number): Promise<string>;
  svg(scale: number): Promise<string>;
  domains: unknown[];
  hovers: (Hover | undefined)[];
  asked: Query[];
  /** How many questions were withdrawn before they were answered. */
  withdrawn: number;
  /** What the legend hides. */
  hidden: readonly (string | null)[];
  /** What was selected, where the address has `?select`. */
  selections: {
    filters: readonly Filter[] | null;
    phase: string;
    brush: BrushShares | undefined;
  }[];
  /** Milliseconds that answers wait. */
  delayMs: number;
  /** Has an estimate come first, from every eighth row; the exact answer waits until it is called. */
  answerLater?: () => void;
  estimates: boolean;
  chart: Chart;
}

/** Every eighth row counts eight times. */
function estimateOf(query: Query): DecodedFrame {
  const all = tables[query.dataset as keyof typeof tables];
  const some = Object.fromEntries(
    Object.entries(all).map(([name, values]) => [
      name,
      (values as unknown[] & Float64Array).filter((_: unknown, row: number) => row % 8 === 0),
    ]),
  );
  const frame = decodeFrame(answerTiny(some as typeof all, { ...query, method: 'density' }));
  const counts = numbersOf(frame, 'count') as Uint8Array;
  for (let i = 0; i < counts.length; i++) counts[i]! *= 8;
  const { rows } = frame.metadata;
  Object.assign(rows, { total: rows.total * 8, matched: rows.matched * 8, drawn: rows.drawn * 8 });
  Object.assign(frame.metadata, { exact: false, estimated: true, share: 1 / 8 });
  return frame;
}

const tables = {
  flights: tinyFlights(60_000),
  few: tinyFlights(400),
  some: tinyFlights(8000),
  walk: tinyWalk(9000),
};
const task = (): Promise<unknown> => new Promise((done) => setTimeout(done));
const element = document.querySelector<HTMLElement>('#chart')!;
const state: ChartPage = {
  domains: [],
  hovers: [],
  asked: [],
  withdrawn: 0,
  selections: [],
  hidden: [],
  delayMs: 0,
  estimates: false,
  show: (spec) => state.chart.update(spec),
  async draw(spec) {
    state.chart.update(spec);
    while (element.dataset['state'] !== 'exact') await task();
    await state.chart.drawn();
  },
  theme(name) {
    document.body.className = name;
    state.chart.setTheme(themeOf(name));
  },
  async png(scale) {
    const blob = await state.chart.toPng({ scale });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  },
  svg: async (scale) => (await state.chart.toSvg({ scale })).text(),
  chart: createChart(element, {
    theme: themeOf('light'),
    async ask(query, { signal, onEstimate } = {}) {
      state.asked.push(query);
      const withdraw = (): void => void state.withdrawn++;
      signal?.addEventListener('abort', withdraw);
      if (state.estimates) {
        onEstimate?.(estimateOf(query));
        await new Promise<void>((done) => (state.answerLater = done));
      }
      if (state.delayMs > 0) await new Promise((done) => setTimeout(done, state.delayMs));
      signal?.throwIfAborted();
      signal?.removeEventListener('abort', withdraw);
      return decodeFrame(answerTiny(tables[query.dataset as keyof typeof tables], query));
    },
    onDomain: (domain) => state.domains.push(domain),
    onHidden: (hidden) => (state.hidden = hidden),
    onHover: (hover) => state.hovers.push(hover),
    ...(new URLSearchParams(location.search).has('select')
      ? {
          onSelect: (filters, phase, brush) => state.selections.push({ filters, phase, brush }),
        }
      : {}),
  }),
};
Object.assign(globalThis, { halftone: state });
