import type { ComponentChildren, JSX } from 'preact';
import type { AddressFilter } from '../../../protocol/address/view.js';
import type { Query } from '../../../protocol/query.js';
import { describeFilter, withFilter, zoneOf } from '../filters.js';
import { queryFilters } from '../../../protocol/view/query-filters.js';
import { formatCount, formatNoun } from '../format.js';
import { fullExtent } from '../../../protocol/view/plot-domain.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';

/** Instead of an empty picture: which filter to relax, and how to see something again. */
export function EmptyState(): JSX.Element | null {
  const { shown, plot, navigation, change } = useStore();
  const rows = shown.value?.metadata.rows;
  const current = plot.value;
  if (!rows || !current || rows.drawn > 0) return null;
  const filters = current.addressFilters;
  const areas = navigation.view.value?.areas?.length ?? 0;
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
            <Relax key={`${filter.op} ${filter.column}`} filter={filter} />
          ))}
          {(areas > 0 || filters.length > 1) && (
            <button
              type="button"
              class="button small"
              onClick={() => change((old) => edit(old, { filters: undefined, areas: undefined }))}
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

/** A button that takes one filter away and says how many rows that would bring back. */
function Relax({ filter }: { filter: AddressFilter }): JSX.Element {
  const { navigation, plot, dataset, snapshot, ask, change } = useStore();
  const info = dataset.value!;
  const { filters } = queryFilters(navigation.view.value!, info.columns, filter.column);
  const query: Query = { dataset: info.name, mark: 'value', filters };
  if (snapshot.value !== null) query.snapshot = snapshot.value;
  const { value } = useAnswer(JSON.stringify(query), (signal) => ask(query, { signal }));
  return (
    <button
      type="button"
      class="button small"
      onClick={() => change((view) => withFilter(view, filter.column))}
    >
      <b>{filter.column}</b>{' '}
      {describeFilter(filter, zoneOf(info.columns, filter.column, plot.value?.timeZone))}
      {value && <span class="muted">gives {formatCount(value.metadata.rows.matched)}</span>}
    </button>
  );
}

function Centered({
  title,
  children,
}: {
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="centered" role="status">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
