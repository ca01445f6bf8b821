import { styleOf } from './element-style.js';
import { takeSetBefore } from './set-before.js';
import { SELECT_MESSAGE, type ChartSelection, type SelectMessage } from './select-message.js';

/** The events of `<halftone-dashboard>`; they bubble. */
export interface DashboardElementEvents {
  'halftone-dashboard-select': CustomEvent<readonly ChartSelection[]>;
}

/**
 * `<halftone-dashboard src="https://viz.example.org/d/overview">`: a dashboard of the configuration in a frame of its own. The server has to name the
 * page's origin in `frameAncestors`. What is selected in its charts comes out as filters, by the event `halftone-dashboard-select` and the property `selections`.
 */
export class HalftoneDashboard extends HTMLElement {
  static readonly observedAttributes = ['src', 'title'];

  #frame: HTMLIFrameElement | undefined;
  #selections: readonly ChartSelection[] = [];
  readonly #hear = ({ source, data }: MessageEvent): void => {
    if (source === null || source !== this.#frame?.contentWindow || !isSelection(data)) return;
    this.#take(data.selections);
  };

  connectedCallback(): void {
    styleOf(this.ownerDocument);
    globalThis.addEventListener('message', this.#hear);
    takeSetBefore(this, ['src']);
    this.#show();
  }

  disconnectedCallback(): void {
    globalThis.removeEventListener('message', this.#hear);
    this.#close();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#show();
  }

  /** The link of the dashboard, as the attribute has it. */
  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(link: string) {
    this.setAttribute('src', link);
  }

  /** What is selected, chart by chart; empty without a selection. */
  get selections(): readonly ChartSelection[] {
    return this.#selections;
  }

  #show(): void {
    const { src } = this;
    if (src === '') {
      this.#close();
      return;
    }
    const frame = (this.#frame ??= this.ownerDocument.createElement('iframe'));
    frame.title = this.title || 'Dashboard';
    const link = new URL(src, this.ownerDocument.baseURI).href;
    // Else a title would load the dashboard anew.
    if (frame.src !== link) {
      this.#forget();
      frame.src = link;
    }
    if (frame.parentNode !== this) this.replaceChildren(frame);
  }

  #close(): void {
    this.#frame?.remove();
    this.#frame = undefined;
    this.#forget();
  }

  /** What was selected in a dashboard that is not shown any more is selected no longer. */
  #forget(): void {
    if (this.#selections.length > 0) this.#take([]);
  }

  #take(selections: readonly ChartSelection[]): void {
    this.#selections = selections;
    this.dispatchEvent(
      new CustomEvent('halftone-dashboard-select', { detail: selections, bubbles: true }),
    );
  }
}

const isSelection = (data: unknown): data is SelectMessage =>
  typeof data === 'object' &&
  data !== null &&
  (data as Partial<SelectMessage>).type === SELECT_MESSAGE &&
  Array.isArray((data as Partial<SelectMessage>).selections);
