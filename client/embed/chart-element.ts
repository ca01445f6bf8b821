import { parseAddress } from '../../protocol/address/address.js';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { Filter } from '../../protocol/query.js';
import { plotQuery } from '../../protocol/view/plot-query.js';
import type { Plot } from '../../protocol/view/plot.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';
import type { Shading } from '../../protocol/view/shading.js';
import { formatAlone } from '../app/format.js';
import { chartSpec } from '../app/picture/spec.js';
import { titleOf } from '../app/picture/title.js';
import { createChart } from '../chart/chart.js';
import { rendererNamed } from '../chart/renderer-choice.js';
import type { Chart, ChartDomain, ChartSpec, ChartStatus } from '../chart/types.js';
import { valueAt } from '../data/arrow/column.js';
import { columnOf } from '../data/frame.js';
import { themeOf, type Theme } from '../theme.js';
import { createClient, type Client } from './client.js';
import { isDarkBehind } from './dark-behind.js';
import { styleOf } from './element-style.js';
import { readLink, type PictureLink } from './read-link.js';
import { takeSetBefore } from './set-before.js';
import { watchGround } from './watch-ground.js';

/** What `halftone-select` tells: filters, AND-ed as in a query; null where the selection was taken back. */
export interface SelectDetail {
  filters: readonly Filter[] | null;
  phase: 'changing' | 'final';
}

/** The events of `<halftone-chart>`; they bubble. */
export interface ChartElementEvents {
  'halftone-select': CustomEvent<SelectDetail>;
  'halftone-domain': CustomEvent<ChartDomain | null>;
  'halftone-state': CustomEvent<ChartStatus>;
}

const SHADING: readonly string[] = ['size', 'opacity', 'stroke', 'shade', 'palette', 'middle'];

/**
 * `<halftone-chart src="https://viz.example.org/explore/flights?mark=scatter&x=distance&y=delay">`: the picture of a link, kept up to
 * date, in any page. It is as large as its style makes it. A selection comes out as filters, by the event `halftone-select` and the property `selection`;
 * other filters go in by the property `filters`. Attributes: `src`, `theme` (`light`, `dark`; else as what is behind it), `token`; `size`,
 * `opacity`, `stroke`, `shade`, `palette`, `middle` and `renderer` as in the link, before which they go.
 */
export class HalftoneChart extends HTMLElement {
  static readonly observedAttributes = ['src', 'theme', 'token', 'renderer', ...SHADING];

  #filters: readonly Filter[] = [];
  #selection: readonly Filter[] | null = null;
  #colors: Partial<Theme> = {};
  #client: Client | undefined;
  #link: PictureLink | undefined;
  #chart: Chart | undefined;
  #domain: ChartDomain | undefined;
  #asking: AbortController | undefined;
  #isWaiting = false;
  #written: string[] = [];
  #unfollow: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  /** Whether the chart was painted for a dark ground last. */
  #isDark = false;

  connectedCallback(): void {
    styleOf(this.ownerDocument);
    this.#unwatch = watchGround(this, () => {
      if (this.#isOnDark() !== this.#isDark) this.#paint();
    });
    takeSetBefore(this, ['src', 'theme', 'token', 'colors', 'filters', 'selection']);
    this.#open();
  }

  disconnectedCallback(): void {
    this.#unwatch?.();
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === 'src') this.#domain = undefined;
    if (!this.isConnected) return;
    if (name === 'theme') this.#paint();
    else if (SHADING.includes(name)) this.#update();
    else this.#open();
  }

  /** The link of the picture, as the attribute has it. */
  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(link: string) {
    this.setAttribute('src', link);
  }

  /** `light` or `dark`, as the attribute has it; null where the background of the page says so. */
  get theme(): string | null {
    return this.getAttribute('theme');
  }
  set theme(name: string | null | undefined) {
    this.#reflect('theme', name);
  }

  /** The server's token, as the attribute has it. */
  get token(): string | null {
    return this.getAttribute('token');
  }
  set token(token: string | null | undefined) {
    this.#reflect('token', token);
  }

  /** Put over the colors of the theme, as `fromPlotly` gives them. */
  get colors(): Partial<Theme> {
    return this.#colors;
  }
  set colors(colors: Partial<Theme> | null | undefined) {
    this.#colors = colors ?? {};
    this.#paint();
  }

  /** Filters of the page, beside those of the link. A new list shows the rows that pass them. */
  get filters(): readonly Filter[] {
    return this.#filters;
  }
  set filters(filters: readonly Filter[] | null | undefined) {
    this.#filters = filters ?? [];
    this.#update();
  }

  /** The rows that the person selected, as filters; null without a selection. Setting it marks them. */
  get selection(): readonly Filter[] | null {
    return this.#selection;
  }
  set selection(filters: readonly Filter[] | null | undefined) {
    this.#selection = filters ?? null;
    this.#chart?.select(this.#selection);
  }

  #reflect(attribute: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, value);
  }

  /** What is on the screen; undefined before the first picture, and for a single value. */
  get status(): ChartStatus | undefined {
    return this.#chart?.status();
  }

  /** Shows all rows that match. */
  fit(): void {
    this.#domain = undefined;
    this.#chart?.fit();
  }

  /** The picture with axes, marks, title and footer. */
  toPng(options?: { scale?: number }): Promise<Blob> {
    if (this.#chart === undefined) return Promise.reject(new Error('There is no picture yet.'));
    return this.#chart.toPng(options);
  }

  /** Begins anew, with another link or another token. */
  #open(): void {
    this.#close();
    const src = this.getAttribute('src');
    if (src === null || src === '') return;
    try {
      this.#link = readLink(src, this.ownerDocument.baseURI);
    } catch (error) {
      this.#fail(error);
      return;
    }
    const token = this.getAttribute('token');
    const { server, view } = this.#link;
    this.#client = createClient({ server, ...(token === null ? {} : { token }) });
    if (view.snapshot === undefined) {
      this.#unfollow = this.#client.onSnapshot(({ dataset }) => {
        if (dataset === view.dataset) this.#update();
      });
    }
    this.#write({ state: 'loading' });
    this.#update();
  }

  #close(): void {
    this.#asking?.abort();
    this.#unfollow?.();
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#unfollow = undefined;
    this.#link = undefined;
    this.replaceChildren();
    this.#write({});
  }

  /** Asks what there is and shows it; several changes of one task are one. */
  #update(): void {
    if (this.#link === undefined || this.#isWaiting) return;
    this.#isWaiting = true;
    queueMicrotask(() => {
      this.#isWaiting = false;
      void this.#show();
    });
  }

  async #show(): Promise<void> {
    const [link, client] = [this.#link, this.#client];
    if (link === undefined || client === undefined) return;
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    try {
      const { view } = link;
      const dataset = await client.dataset(view.dataset, signal, view.snapshot);
      signal.throwIfAborted();
      const snapshot = view.snapshot ?? dataset.snapshot;
      if (snapshot === null) throw new Error(unready(dataset));
      const plot = resolvePlot({ ...view, ...this.#shading() }, dataset);
      plot.filters.push(...this.#filters);
      if (plot.mark === 'rows') throw new Error('A table is not shown here: choose a picture.');
      if (plot.mark === 'value')
        await this.#showValue(client, plot, dataset.name, snapshot, signal);
      else this.#showChart(client, { ...chartSpec(plot, dataset.name, snapshot), legend: true });
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** How the picture is painted, by the attributes; what cannot be used of them is left out. */
  #shading(): Shading {
    const given = SHADING.flatMap((name) => {
      const value = this.getAttribute(name);
      return value === null ? [] : `${name}=${encodeURIComponent(value)}`;
    });
    const { dataset: _, ...shading } = parseAddress(`explore/_?${given.join('&')}`)!.view;
    return shading;
  }

  #showChart(client: Client, spec: ChartSpec): void {
    this.querySelector('.halftone-words')?.remove();
    this.#chart ??= this.#createChart(client);
    this.#chart.update(
      this.#domain === undefined ? spec : { ...spec, domain: this.#domain, wholeBins: false },
    );
  }

  #createChart({ frame }: Client): Chart {
    const host = this.ownerDocument.createElement('div');
    host.className = 'halftone-host';
    this.replaceChildren(host);
    const renderer = rendererNamed(this.getAttribute('renderer')) ?? this.#link?.view.renderer;
    const chart = createChart(host, {
      ask: frame,
      theme: this.#theme(),
      ...(renderer === undefined ? {} : { renderer }),
      onDomain: (domain) => {
        this.#domain = domain ?? undefined;
        this.#tell('halftone-domain', domain);
        if (domain === null) this.#update();
      },
      onSelect: (filters, phase) => {
        this.#selection = filters;
        this.#tell('halftone-select', { filters, phase });
      },
      onState: (status) => {
        this.#write(host.dataset);
        if (status.state === 'error') this.#say(wordsOf(status.error));
        else this.querySelector('.halftone-words')?.remove();
        this.#tell('halftone-state', status);
      },
    });
    chart.select(this.#selection);
    return chart;
  }

  async #showValue(
    client: Client,
    plot: Plot,
    dataset: string,
    snapshot: string,
    signal: AbortSignal,
  ): Promise<void> {
    const frame = await client.frame(plotQuery(plot, dataset, snapshot), { signal });
    signal.throwIfAborted();
    const value: unknown = frame.length > 0 ? valueAt(columnOf(frame, 'value'), 0) : null;
    this.#write({ state: frame.metadata.rows.matched > 0 ? 'exact' : 'empty' });
    const big = this.ownerDocument.createElement('strong');
    big.textContent = value === null ? 'none' : formatAlone(Number(value));
    this.#words(titleOf(plot)).prepend(big);
  }

  /** Says what is shown in `data-` attributes, in the place of what they said. */
  #write(facts: Record<string, string | undefined>): void {
    for (const name of this.#written) delete this.dataset[name];
    Object.assign(this.dataset, facts);
    this.#written = Object.keys(facts);
  }

  #fail(error: unknown): void {
    this.#chart?.destroy();
    this.#chart = undefined;
    this.replaceChildren();
    this.#write({ state: 'error' });
    this.#say(wordsOf(error));
  }

  #say(words: string): void {
    this.#words(words).setAttribute('role', 'alert');
  }

  /** Words in the place of the picture; what they are made of is text and never markup. */
  #words(text: string): HTMLElement {
    this.querySelector('.halftone-words')?.remove();
    const words = this.ownerDocument.createElement('p');
    words.className = 'halftone-words';
    words.textContent = text;
    this.append(words);
    return words;
  }

  #paint(): void {
    this.#chart?.setTheme(this.#theme());
  }

  #theme(): Theme {
    this.#isDark = this.#isOnDark();
    return { ...themeOf(this.#isDark ? 'dark' : 'light'), ...this.#colors };
  }

  #isOnDark(): boolean {
    const named = this.getAttribute('theme');
    return named === 'dark' || (named !== 'light' && isDarkBehind(this));
  }

  #tell<K extends keyof ChartElementEvents>(
    name: K,
    detail: ChartElementEvents[K]['detail'],
  ): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function unready({ name, status, problem }: DatasetInfo): string {
  if (problem !== undefined) return problem.detail;
  return status === 'loading' ? `“${name}” is still loading.` : `“${name}” has no rows yet.`;
}
