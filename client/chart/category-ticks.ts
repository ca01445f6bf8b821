import type { JsonValue } from '../../protocol/column.js';
import { frameOf, plotArea, type LabelRoom, type PlotArea } from './frame-box.js';
import { escapeMarkup, shorten } from './label-text.js';
import type { Picture } from './picture.js';
import type { ChartSpec } from './types.js';

/** A label needs so many CSS pixels of height, and so many beside it to stand apart from the next. */
const LABEL_HEIGHT = 13;
const LABEL_GAP = 8;
/** The most pixels of a label beside the axis (and of the width a quarter), and below it, where what is longer than its cell is turned. */
const MOST_BESIDE = 160;
const MOST_BELOW = 96;
const TURN = Math.PI / 4;

/** The values along each axis that has categories, in the order of their positions. */
export type Categories = NonNullable<Picture['categories']>;

/** A category as people read it. */
export const categoryLabel = (value: JsonValue): string =>
  value === '' ? '(empty)' : String(value);

/** The labels of categories: one a cell, or every second or third where there are too many, and the room that they need. */
export function categoryTicks(
  { x, y }: Categories,
  {
    spec,
    width,
    height,
    measure,
  }: { spec: ChartSpec; width: number; height: number; measure: (text: string) => number },
): Pick<Picture, 'layout' | 'labelWidth' | 'labelHeight'> {
  const cut = (values: readonly JsonValue[], most: number): string[] =>
    values.map((value) => shorten(categoryLabel(value), most, measure));
  const widest = (labels: readonly string[]): number =>
    labels.reduce((most, label) => Math.max(most, measure(label)), 0);
  const left = y && cut(y, Math.min(MOST_BESIDE, width / 4));
  const labelWidth = left && widest(left);
  const plotOf = (room: LabelRoom): PlotArea =>
    plotArea(frameOf(width, height, spec, { legend: false, ...room }), 1);
  const plotWidth = plotOf({ labelWidth }).width;
  const below = x && cut(x, MOST_BELOW);
  const cellWidth = plotWidth / (below?.length ?? 1);
  const isTurned = below !== undefined && widest(below) + LABEL_GAP > cellWidth;
  const labelHeight = below && (isTurned ? Math.ceil(widest(below) * Math.sin(TURN)) : 0);
  const cellHeight = plotOf({ labelWidth, labelHeight }).height / (left?.length ?? 1);

  return {
    layout: {
      ...(below && {
        xaxis: {
          ...ticksOf(below, isTurned ? cellWidth * Math.sin(TURN) : Infinity, (at) => at),
          tickangle: isTurned ? -45 : 0,
        },
      }),
      // From the top: where some have no label the first one has.
      ...(left && {
        yaxis: ticksOf(left.toReversed(), cellHeight, (at) => left.length - 1 - at),
      }),
    },
    ...(labelWidth === undefined ? {} : { labelWidth }),
    ...(labelHeight === undefined ? {} : { labelHeight }),
  };
}

function ticksOf(
  labels: readonly string[],
  room: number,
  positionOf: (at: number) => number,
): Record<string, unknown> {
  const step = Math.max(1, Math.ceil(LABEL_HEIGHT / room));
  const told = labels.flatMap((_, at) => (at % step > 0 ? [] : [at]));
  return {
    tickmode: 'array',
    tickvals: told.map(positionOf),
    ticktext: told.map((at) => escapeMarkup(labels[at]!)),
    showgrid: false,
    ticks: '',
  };
}
