import type { DatasetInfo } from '../../protocol/dataset.js';
import type { AxisDomain, Filter, Mark, Query } from '../../protocol/query.js';
import { isChoice, isConstant, positionOf } from '../../protocol/view/columns.js';
import { openingQuery } from '../../protocol/view/plot-query.js';
import type { Plot } from '../../protocol/view/plot.js';
import { resolvePlot } from '../../protocol/view/resolve-plot.js';

/** A picture that a person might ask of a dataset. */
export interface BenchPicture {
  /** What it shows, in words. */
  words: string;
  query: Query;
  /** The same picture in a window over a part of x; absent where x cannot be zoomed. `from` and `to` are shares of the domain. */
  zoomed?: (from: number, to: number) => Query;
}

const MARKS: readonly Mark[] = ['scatter', 'line', 'histogram', 'bar', 'heatmap'];
const SIZE = { width: 1000, height: 600 } as const;

/** One picture for each mark that suits the columns, of those that the page would suggest, and lines of single rows too. */
export function picturesOf(
  info: Pick<DatasetInfo, 'name' | 'columns' | 'rows'>,
  snapshot: string,
): BenchPicture[] {
  const views = MARKS.flatMap((mark) => [
    { dataset: info.name, mark },
    ...(mark === 'line' ? [{ dataset: info.name, mark, bin: 'none' as const }] : []),
  ]);
  const pictures = new Map<string, BenchPicture>();
  for (const view of views) {
    const plot = resolvePlot(view, info);
    if (!isDrawable(plot)) continue;
    const picture = pictureOf(plot, info.name, snapshot);
    pictures.set(JSON.stringify(picture.query), picture);
  }
  return [...pictures.values()];
}

/** A column of a few values, by which a picture can be filtered. */
export function choiceOf({ columns }: Pick<DatasetInfo, 'columns'>): string | undefined {
  const choices = columns.filter((column) => isChoice(column) && !isConstant(column));
  return (choices.find(({ kind }) => kind === 'text') ?? choices[0])?.name;
}

/** The same picture of the rows that pass a filter. */
export function filteredPicture({ words, query }: BenchPicture, filter: Filter): BenchPicture {
  return { words: `${words}, filtered`, query: { ...query, filters: [filter] } };
}

/** False where the columns leave the mark without what it needs. */
function isDrawable({ mark, x, y }: Plot): boolean {
  const needsY = mark === 'scatter' || mark === 'line' || mark === 'heatmap';
  return x !== undefined && !isConstant(x) && (!needsY || y.length > 0);
}

function pictureOf(plot: Plot, dataset: string, snapshot: string): BenchPicture {
  const query: Query = { ...openingQuery(plot, dataset, snapshot), ...SIZE };
  const words = wordsOf(plot);
  const { x } = plot;
  const ends = plot.domain.x?.map((end) => positionOf(end, x!));
  const isZoomable = plot.mark === 'scatter' || plot.mark === 'line';
  if (!isZoomable || ends === undefined || x?.kind === 'clock') return { words, query };
  const [low, high] = ends as [number, number];
  const at = (share: number) => {
    const position = low + (high - low) * share;
    return x?.kind === 'time' ? new Date(position).toISOString() : position;
  };
  return {
    words,
    query,
    zoomed: (from, to) => ({
      ...query,
      domain: { ...plot.domain, x: [at(from), at(to)] as AxisDomain },
    }),
  };
}

function wordsOf({ mark, x, y, of, op, bin }: Plot): string {
  const across = x?.name ?? '';
  const up = (of ?? y[0])?.name;
  const measure = up === undefined ? 'rows' : up;
  switch (mark) {
    case 'line':
      return bin === undefined
        ? `line of ${measure} over ${across}, every row`
        : `line of ${op} ${measure} over ${across}, by ${bin}`;
    case 'bar':
      return `bars of ${up === undefined ? 'rows' : `${op} ${up}`} by ${across}`;
    case 'histogram':
      return `histogram of ${across}`;
    default:
      return `${mark} of ${y[0]?.name} over ${across}`;
  }
}
