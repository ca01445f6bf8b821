import type { JSX } from 'preact';
import type { Filter } from '../../../protocol/query.js';
import { areaFilter, queryFilter } from '../../../protocol/view/query-filters.js';
import { describeArea, describeFilter, withFilter, withoutArea, zoneOf } from '../filters.js';
import { Icon } from '../icon.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { UsedChip } from './used-chip.js';

/** The filters of the address, each with a button that clears it: struck out where they do not fit the dataset. */
export function Chips(): JSX.Element | null {
  const { plot, dataset, navigation, change } = useStore();
  const { filters = [], areas = [] } = navigation.view.value ?? {};
  const columns = dataset.value?.columns ?? [];
  const columnOf = (name: string) => columns.find((column) => column.name === name);
  if (!plot.value || filters.length + areas.length === 0) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {filters.map((filter) => (
        <li key={`${filter.op} ${filter.column}`} class="chip">
          <UsedChip unused={faultOf(queryFilter(filter, columnOf(filter.column)))}>
            <b>{filter.column}</b>{' '}
            {describeFilter(filter, zoneOf(columns, filter.column, plot.value?.timeZone))}
          </UsedChip>
          <button
            type="button"
            aria-label={`Clear the filter on ${filter.column}`}
            title="Clear this filter"
            onClick={() => change((view) => withFilter(view, filter.column))}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {areas.map((area, at) => (
        <li key={`area ${at}`} class="chip">
          <UsedChip unused={faultOf(areaFilter(area, columns))}>
            <b>
              {area.x}, {area.y}
            </b>{' '}
            {describeArea(area)}
          </UsedChip>
          <button
            type="button"
            aria-label={`Clear the area of ${area.x} and ${area.y}`}
            title="Clear this filter"
            onClick={() => change((view) => withoutArea(view, area))}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {filters.length + areas.length > 1 && (
        <li>
          <button
            type="button"
            class="button quiet small"
            onClick={() => change((view) => edit(view, { filters: undefined, areas: undefined }))}
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Why a filter does not fit the dataset; undefined where it does. */
const faultOf = (filter: Filter | string): string | undefined =>
  typeof filter === 'string' ? filter : undefined;
