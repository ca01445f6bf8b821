import { canonicalJson } from '../../protocol/canonical.js';
import type { Query } from '../../protocol/query.js';
import type { DecodedFrame } from '../data/frame.js';
import { withPalette } from '../palettes.js';
import type { Theme } from '../theme.js';
import { axisOf, spanOf, type Axis, type Span } from './axis.js';
import { categoryTicks } from './category-ticks.js';
import { barPicture } from './marks/bar.js';
import { heatmapPicture } from './marks/heatmap.js';
import { histogramPicture } from './marks/histogram.js';
import { linePicture } from './marks/line.js';
import { scatterPicture } from './marks/scatter.js';
import type { Picture } from './picture.js';
import { barsIn } from './question.js';
import type { ChartDomain, ChartSpec } from './types.js';

export interface BuildParts {
  spec: ChartSpec;
  question: Query;
  domain: ChartDomain;
  frame: DecodedFrame;
  theme: Theme;
  ratio: number;
  /** The size of the chart in CSS pixels. */
  chartWidth: number;
  chartHeight: number;
  /** The height of the plot area, likewise. */
  plotHeight: number;
  /** How wide a text is, in CSS pixels. */
  measure: (text: string) => number;
}

/** Operations whose values for parts add up to the value of the whole. */
const SUMS = new Set(['count', 'sum']);

/** Makes a picture of frames. */
export function buildPicture(parts: BuildParts): Picture {
  const { spec, question, domain, frame, ratio } = parts;
  const theme = withPalette(parts.theme, spec.style);
  const { metadata } = frame;
  const { mark, scale, aggregate, timeZone } = question;
  const axes = {
    x: inZone(axisOf('x', metadata, domain.x, scale?.x), timeZone),
    y: inZone(axisOf('y', metadata, domain.y, scale?.y), timeZone),
  };
  const base = { frame, axes, theme, ratio, hidden: new Set(spec.hidden) };
  const x = spanOf(metadata.domain?.x ?? domain.x, axes.x);
  const y = spanOf(metadata.domain?.y ?? domain.y, axes.y);
  const nothing: Span = [0, 1];
  switch (mark) {
    case 'line':
    case 'histogram': {
      // Their y axis counts or measures: only a person's choice narrows it.
      axes.y = { kind: 'number', scale: scale?.y ?? 'linear', zoned: false, unit: 'number' };
      const chosen = spanOf(domain.y, axes.y);
      return mark === 'line'
        ? linePicture({ ...base, x, y: chosen, stroke: spec.style?.stroke })
        : histogramPicture({ ...base, x, y: chosen, isWhole: hasWholeBins(parts) });
    }
    case 'bar':
      // Along x bars are as long as their value, whatever they are bars of.
      axes.x = { kind: 'number', scale: axes.x.scale, zoned: false, unit: 'number' };
      return barPicture({
        ...base,
        timeZone,
        isSum: SUMS.has(aggregate?.op ?? 'count'),
        chartWidth: parts.chartWidth,
        mostLabels: barsIn({ height: parts.plotHeight }),
        measure: parts.measure,
      });
    case 'heatmap':
      return heatmapPicture({
        ...base,
        view: { x: x ?? nothing, y: y ?? nothing },
        cells: { x: metadata.width, y: metadata.height },
        ticksOf: (categories) =>
          categoryTicks(categories, {
            spec,
            width: parts.chartWidth,
            height: parts.chartHeight,
            measure: parts.measure,
          }),
        title: spec.labels?.value ?? aggregateTitle(question),
        names: { x: spec.labels?.x ?? 'x', y: spec.labels?.y ?? 'y' },
        rampScale: spec.style?.shade ?? ((aggregate?.op ?? 'count') === 'count' ? 'log' : 'linear'),
      });
    default:
      return scatterPicture({
        ...base,
        view: { x: x ?? nothing, y: y ?? nothing },
        style: spec.style,
      });
  }
}

/** No bin that is cut has rows beyond the cut, and nobody has chosen where the axis ends. */
const hasWholeBins = ({ spec, domain: { x }, frame }: BuildParts): boolean =>
  frame.metadata.rows.outside === 0 &&
  (x === undefined ||
    (spec.wholeBins === true && canonicalJson(x) === canonicalJson(spec.domain?.x ?? [])));

/** Times without a zone, and dates, stand as they were written. */
const inZone = (axis: Axis, timeZone: string | undefined): Axis =>
  axis.zoned && timeZone !== undefined && timeZone !== 'UTC' ? { ...axis, timeZone } : axis;

const aggregateTitle = ({ aggregate }: Query): string =>
  aggregate?.column === undefined ? 'rows' : `${aggregate.op} of ${aggregate.column}`;
