import { MAX_STROKE } from '../../protocol/limits.js';
import type { Query } from '../../protocol/query.js';
import type { Ask } from '../data/ask.js';
import type { DecodedFrame } from '../data/frame.js';
import type { PlotArea } from './frame-box.js';
import { LINE_WIDTH } from './mark-style.js';
import { inReadingOrder } from './reading-order.js';
import type { ChartDomain, ChartSpec } from './types.js';

/** A cell of a heatmap is about so many CSS pixels wide and high; turned labels of categories need a little more. */
const HEAT_CELL = 12;
const NAMED_CELL = 20;
/** A bar needs so many CSS pixels of height to be read. */
const BAR_HEIGHT = 17;
/** Bars of a calendar are read as a row, and the last ones are no less than the first. */
const CALENDAR_BAR_HEIGHT = 5;

/** How many bars have room in a plot area; those of a calendar without a label each. */
export const barsIn = ({ height }: Pick<PlotArea, 'height'>, isCalendar = false): number =>
  Math.max(3, Math.min(50, Math.floor(height / (isCalendar ? CALENDAR_BAR_HEIGHT : BAR_HEIGHT))));

/** The query of the picture of `spec` in a plot area: sizes and the domain are filled in. */
export function questionOf(spec: ChartSpec, domain: ChartDomain, area: PlotArea): Query {
  const { domain: _, ...query } = spec.query;
  const { mark } = query;
  const sized = { ...query, width: area.pixelWidth, height: area.pixelHeight };
  if (mark === 'bar') {
    return { ...query, limit: query.limit ?? barsIn(area, isBinned(query.x)) };
  }
  // The y domain of a line or a histogram takes no rows away: an outline alone depends on it.
  const x = domain.x && { x: domain.x };
  const outline = isOutline(query) && {
    method: 'outline' as const,
    stroke: Math.min(
      MAX_STROKE,
      Number((((spec.style?.stroke ?? LINE_WIDTH) * area.pixelWidth) / area.width).toFixed(2)),
    ),
  };
  const y = (mark === 'scatter' || mark === 'heatmap' || outline) && domain.y && { y: domain.y };
  const ends = x || y ? { domain: { ...x, ...y } } : {};
  if (mark === 'heatmap') {
    const { x: isNamed, y: hasRows } = spec.categories ?? {};
    const cells = query.cells ?? {
      x: Math.max(4, Math.round(area.width / (isNamed ? NAMED_CELL : HEAT_CELL))),
      y: hasRows ? barsIn(area) : Math.max(4, Math.round(area.height / HEAT_CELL)),
    };
    return { ...sized, ...ends, cells };
  }
  return { ...sized, ...ends, ...outline };
}

const isBinned = (x: Query['x'] | undefined): boolean =>
  typeof x === 'object' && x.bin !== undefined;

/** A line of rows, of which the picture needs those that show; where nobody asked for others. */
export const isOutline = ({ mark, x, method }: Query): boolean =>
  mark === 'line' && !isBinned(x) && (method === undefined || method === 'auto');

/** Asks for the frame of a picture, which may be estimated first. */
export async function answer(
  ask: Ask,
  question: Query,
  signal: AbortSignal,
  onEstimate?: (estimate: DecodedFrame) => void,
): Promise<DecodedFrame> {
  const asShown = (frame: DecodedFrame): DecodedFrame =>
    withSeries(inReadingOrder(frame, question), question);
  return asShown(
    await ask(question, {
      signal,
      priority: 'high',
      ...(onEstimate && { onEstimate: (estimate) => onEstimate(asShown(estimate)) }),
    }),
  );
}

/** Where several columns of `y` make the series, they are what the colors mean; nobody has counted their rows. */
function withSeries(frame: DecodedFrame, { y }: Query): DecodedFrame {
  if (!Array.isArray(y) || y.length < 2 || frame.metadata.color !== undefined) return frame;
  const categories = y.map((label) => ({ label, count: 0, role: 'value' as const }));
  const color = { kind: 'category' as const, column: '', categories, others: 0 };
  return { ...frame, metadata: { ...frame.metadata, color } };
}
