import type { Plot } from '../../../protocol/view/plot.js';

const OPS: Readonly<Record<string, string>> = {
  mean: 'mean',
  median: 'median',
  sum: 'sum',
  min: 'least',
  max: 'greatest',
  count: 'count',
  distinct: 'different values',
};

/** A title that says what is on the axes. */
export function titleOf({ mark, x, y, of, op, p, bin, band, color }: Plot): string {
  const what = p === undefined ? OPS[op]! : `${Number((p * 100).toFixed(6))}th percentile`;
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
      return of ? `${capital(what)} of ${of.name}` : 'Number of rows';
    default:
      return 'Rows';
  }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
