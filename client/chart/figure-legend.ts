import { categoryColor } from '../theme.js';
import type { FigureParts } from './figure-parts.js';
import { labelOf } from './hidden.js';
import { escapeMarkup } from './label-text.js';
import { EMPTY_TRACE, type PlotlyTrace } from './plotly.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A trace without rows for each category, so that Plotly's legend names it. */
export function legendTraces({ spec, color, theme }: FigureParts): PlotlyTrace[] {
  if (color?.kind !== 'category') return [];
  return color.categories.map(({ label, count, role }, index) => ({
    ...EMPTY_TRACE,
    showlegend: true,
    // Which one a click means; hidden ones are pale.
    meta: [labelOf({ label, role })],
    ...(spec.hidden?.includes(labelOf({ label, role })) ? { visible: 'legendonly' } : {}),
    name: [
      escapeMarkup(cut(legendLabel(label, role, color.others))),
      count && compact.format(count),
    ]
      .filter(Boolean)
      .join('  '),
    marker: { color: categoryColor(theme, index, role), size: 9 },
  }));
}

/** A legend has a column of so many characters; the page beside it can show more. */
const LEGEND_CHARACTERS = 15;
const cut = (label: string): string =>
  label.length > LEGEND_CHARACTERS ? `${label.slice(0, LEGEND_CHARACTERS - 1).trimEnd()}…` : label;

/** What a legend calls a category. */
function legendLabel(label: string, role: string, others: number): string {
  if (role === 'null') return '(null)';
  if (role === 'other') return `other (${others.toLocaleString('en')})`;
  return label === '' ? '(empty)' : label;
}

/** Where the legend stands; nothing where no categories are drawn. */
export function legendLayout({ color, theme }: FigureParts): Record<string, unknown> {
  if (color?.kind !== 'category') return {};
  return {
    showlegend: true,
    legend: {
      x: 1.02,
      y: 1,
      xanchor: 'left',
      yanchor: 'top',
      itemclick: 'toggle',
      itemdoubleclick: false,
      title: { text: escapeMarkup(color.column), font: { size: 12, color: theme.muted } },
      font: { size: 12, color: theme.text },
    },
  };
}
