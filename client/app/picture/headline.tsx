import type { JSX } from 'preact';
import { describeFilter } from '../filters.js';
import { formatNoun } from '../format.js';
import { fullExtent, type Plot } from '../plot.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

const OPS: Readonly<Record<string, string>> = {
  mean: 'mean',
  median: 'median',
  sum: 'sum',
  min: 'least',
  max: 'greatest',
  count: 'count',
  distinct: 'different values',
};

/** What the picture shows in one line, and why it was chosen where nobody did. */
export function Headline(): JSX.Element | null {
  const { plot, change } = useStore();
  const shown = plot.value;
  if (!shown) return null;
  const raw = shown.mark === 'line' && shown.x?.kind === 'time';
  return (
    <div class="headline">
      <h1>{titleOf(shown)}</h1>
      {shown.reason && <p class="muted">{shown.reason}</p>}
      {raw && shown.bin !== undefined && (
        <button
          type="button"
          class="link"
          onClick={() => change((view) => edit(view, { bin: 'none' }))}
        >
          Show every point
        </button>
      )}
      {raw && shown.bin === undefined && (
        <button
          type="button"
          class="link"
          onClick={() => change((view) => edit(view, { bin: undefined }))}
        >
          Show the mean
        </button>
      )}
    </div>
  );
}

/** A title that says what is on the axes. */
export function titleOf({ mark, x, y, of, op, p, bin, band, color }: Plot): string {
  const what = p === undefined ? OPS[op]! : `${Number((p * 100).toFixed(6))}th percentile`;
  const names = y.map((column) => column.name).join(', ');
  const by = color ? ` by ${color.name}` : '';
  switch (mark) {
    case 'scatter':
      return `${names} against ${x?.name}${by}`;
    case 'heatmap':
      return `Rows by ${x?.name} and ${names}`;
    case 'line':
      if (bin === undefined) return `${names} along ${x?.name}${by}`;
      return `${capital(what)} ${names} per ${typeof bin === 'number' ? `${bin} of ${x?.name}` : bin}${by}${band ? ', with p10–p90' : ''}`;
    case 'histogram':
      return `Distribution of ${x?.name}${by}`;
    case 'bar':
      return y.length > 0 ? `${capital(what)} ${names} by ${x?.name}` : `Rows by ${x?.name}`;
    case 'value':
      return of ? `${capital(what)} of ${of.name}` : 'Number of rows';
    default:
      return 'Rows';
  }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Instead of an empty picture: which filter to relax, and how to see something again. */
export function EmptyState(): JSX.Element | null {
  const { navigation, shown, plot, change } = useStore();
  const rows = shown.value?.metadata.rows;
  const view = navigation.view.value;
  const current = plot.value;
  if (!rows || !view || !current || rows.drawn > 0) return null;
  const filters = view.filters ?? [];
  if (rows.total === 0) {
    return (
      <Centered title="This dataset has no rows.">
        <p>Its columns are known, but there is nothing to draw yet.</p>
      </Centered>
    );
  }
  if (rows.matched === 0) {
    return (
      <Centered title={`None of ${formatNoun(rows.total, 'row')} pass the filters.`}>
        <p>Take one away:</p>
        <div class="row-of-buttons">
          {filters.map((filter) => (
            <button
              key={`${filter.op} ${filter.column}`}
              type="button"
              class="button small"
              onClick={() =>
                change((old) => {
                  const left = (old.filters ?? []).filter((each) => each.column !== filter.column);
                  return edit(old, { filters: left.length > 0 ? left : undefined });
                })
              }
            >
              {filter.column} {describeFilter(filter)}
            </button>
          ))}
          {filters.length > 1 && (
            <button
              type="button"
              class="button small"
              onClick={() => change((old) => edit(old, { filters: undefined }))}
            >
              All of them
            </button>
          )}
        </div>
      </Centered>
    );
  }
  if (rows.outside > 0) {
    return (
      <Centered title="No rows in this part of the picture.">
        <p>{formatNoun(rows.outside, 'row')} lie outside of it.</p>
        <button
          type="button"
          class="button primary"
          onClick={() => change((old, drawn) => edit(old, fullExtent(drawn)))}
        >
          Show all
        </button>
      </Centered>
    );
  }
  return (
    <Centered title="Nothing here can be placed.">
      <p>
        {rows.dropped === 1
          ? 'The only matching row has'
          : `All ${formatNoun(rows.dropped, 'matching row')} have`}{' '}
        no number where the axes need one
        {current.scale.x === 'log' || current.scale.y === 'log'
          ? ', or none above zero for the log scale'
          : ''}
        .
      </p>
    </Centered>
  );
}

function Centered({
  title,
  children,
}: {
  title: string;
  children: preact.ComponentChildren;
}): JSX.Element {
  return (
    <div class="centered" role="status">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
