import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { AddressFilter } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { isChoice, isContinuous, kindWord } from '../../../protocol/view/columns.js';
import { describeFilter, withFilter, zoneOf } from '../filters.js';
import { formatCompact } from '../format.js';
import { Icon, kindIcon } from '../icon.js';
import { RadioGroup } from '../radio-group.js';
import { useStore } from '../store.js';
import { ChoiceFilter } from './choice-filter.js';
import { RangeFilter } from './range-filter.js';

/** Tables with more columns than this get a field to find one by name. */
const SEARCH_FROM = 10;

/** Every column of the dataset, each opening to the filter that suits it. */
export function FilterList(): JSX.Element | null {
  const { dataset, plot } = useStore();
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const info = dataset.value;
  if (!info || !plot.value) return null;
  const filters = plot.value.addressFilters;
  const wanted = search.trim().toLowerCase();
  const columns = info.columns.filter(
    (column) => column.kind !== 'binary' && column.name.toLowerCase().includes(wanted),
  );
  const toggle = (name: string): void => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setOpen(next);
  };
  return (
    <section class="group" aria-labelledby="filters-heading">
      <h2 id="filters-heading">Filters</h2>
      {info.columns.length > SEARCH_FROM && (
        <input
          type="search"
          class="field"
          placeholder="Find a column"
          aria-label="Find a column"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <ul class="filter-columns">
        {columns.map((column) => (
          <FilterColumn
            key={`${info.name}/${column.name}`}
            column={column}
            filter={filters.find((filter) => filter.column === column.name)}
            open={open.has(column.name)}
            onToggle={() => toggle(column.name)}
          />
        ))}
        {columns.length === 0 && <li class="muted">No column has “{search}” in its name.</li>}
      </ul>
    </section>
  );
}

function FilterColumn({
  column,
  filter,
  open,
  onToggle,
}: {
  column: ColumnInfo;
  filter: AddressFilter | undefined;
  open: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { change, plot } = useStore();
  const id = `filter-${encodeURIComponent(column.name)}`;
  return (
    <li class={`filter-column${filter ? ' active' : ''}`}>
      <div class="filter-head">
        <button type="button" aria-expanded={open} aria-controls={id} onClick={onToggle}>
          <span class="kind" title={`${kindWord(column)}, ${column.type}`}>
            <Icon name={kindIcon(column.kind)} size={14} />
          </span>
          <span class="name">{column.name}</span>
          <span class="summary">
            {filter
              ? describeFilter(filter, zoneOf([column], column.name, plot.value?.timeZone))
              : column.distinct !== undefined && isChoice(column)
                ? formatCompact(column.distinct)
                : ''}
          </span>
          <span class="turn">
            <Icon name="chevron" size={14} />
          </span>
        </button>
        {filter && (
          <button
            type="button"
            class="button quiet icon small"
            aria-label={`Clear the filter on ${column.name}`}
            title="Clear this filter"
            onClick={() => change((view) => withFilter(view, column.name))}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      <div id={id} class="filter-body" hidden={!open}>
        {open && <FilterEditor column={column} filter={filter} />}
      </div>
    </li>
  );
}

/** A dropdown or a range, with a switch where a column can have both. */
function FilterEditor({
  column,
  filter,
}: {
  column: ColumnInfo;
  filter: AddressFilter | undefined;
}): JSX.Element {
  const canRange = isContinuous(column);
  const canChoose = isChoice(column) || column.kind === 'text';
  const byDefault = canRange && (!canChoose || column.kind !== 'number') ? 'range' : 'values';
  const chosen = filter ? (filter.op === 'range' ? 'range' : 'values') : undefined;
  const [wish, setWish] = useState<'values' | 'range'>();
  const mode = wish ?? chosen ?? byDefault;
  return (
    <>
      {canRange && canChoose && (
        <RadioGroup
          label={`Filter ${column.name} by`}
          look="segmented"
          value={mode}
          options={[
            { value: 'values', content: 'Values' },
            { value: 'range', content: column.kind === 'number' ? 'Range' : 'From – to' },
          ]}
          onChoose={setWish}
        />
      )}
      {mode === 'range' ? (
        <RangeFilter column={column} filter={filter} />
      ) : (
        <ChoiceFilter column={column} filter={filter} />
      )}
    </>
  );
}
