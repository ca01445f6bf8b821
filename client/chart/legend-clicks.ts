import { isolate, toggleHidden, type Hide } from './hidden.js';
import type { PlotlyTrace } from './plotly.js';

/** What Plotly tells of a click at its legend. */
export interface LegendClick {
  curveNumber: number;
  data: PlotlyTrace[];
  event: Pick<MouseEvent, 'timeStamp'>;
}

/** Two clicks within so long are a double click, in milliseconds. */
const DOUBLE_MS = 400;

/**
 * Takes clicks at the legend of Plotly: one hides a category or shows it, two show it alone. The answer keeps Plotly from taking
 * away its own traces, which are empty.
 */
export function legendClicks(onLegend: (hide: Hide) => void): (event: unknown) => false {
  /** The entry that was clicked last: the legend is drawn anew between two clicks. */
  let clicked: { label: string | null; at: number } | undefined;
  return (event) => {
    const { curveNumber, data, event: click } = event as LegendClick;
    const [label] = (data[curveNumber]?.['meta'] ?? []) as (string | null)[];
    if (label === undefined) return false;
    // When the person clicked, not when the page came to it: drawing may lie between two clicks.
    const at = click.timeStamp;
    const isSecond = clicked?.label === label && at - clicked.at < DOUBLE_MS;
    clicked = isSecond ? undefined : { label, at };
    const hide = isSecond ? isolate : toggleHidden;
    onLegend((color, hidden) => hide(color, hidden, label));
    return false;
  };
}
