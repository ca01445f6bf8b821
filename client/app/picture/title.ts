import type { Plot } from '../../../protocol/view/plot.js';

const OPS: Readonly<Record<string, string>> = {
  mean: 'mean',
  median: 'median',
  sum: 'sum of',
  min: 'least',
  max: 'greatest',
  count: 'count of',
  distinct: 'different values of',
};

/** What is done with a column whose name follows: `mean`, `sum of`, `90th percentile`. */
export const wordsOf = ({ op, p }: Pick<Plot, 'op' | 'p'>): string =>
  p === undefined ? OPS[op]! : `${Number((p * 100).toFixed(6))}th percentile`;

/** A title that says what is on the axes. */
export function titleOf(plot: Plot): string {
  const { mark, x, y, of, bin, band, color } = plot;
  const what = wordsOf(plot);
  const names = y.map((column) => column.name).join(', ');
  const by = color ? ` by ${color.name}` : '';
  switch (mark) {
    case 'scatter':
      return `${names} against ${x?.name}${by}`;
    case 'heatmap':
      return `${of ? `${capital(what)} ${of.name}` : 'Rows'} by ${x?.name} and ${names}`;
    case 'line':
      if (bin === undefined) return `${names} along ${x?.name}${by}`;
      return `${capital(what)} ${names} per ${typeof bin === 'number' ? `${bin} of ${x?.name}` : bin}${by}${band ? ', with p10–p90' : ''}`;
    case 'histogram':
      return `Distribution of ${x?.name}${by}`;
    case 'bar':
      return `${y.length > 0 ? `${capital(what)} ${names}` : 'Rows'} ${bin === undefined ? `by ${x?.name}` : `per ${bin}`}`;
    case 'value':
      return of ? `${capital(what.replace(/ of$/, ''))} of ${of.name}` : 'Number of rows';
    default:
      return 'Rows';
  }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
