import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { AddressFilter } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { MAX_DROPDOWN } from '../../../protocol/limits.js';
import { isChoice } from '../../../protocol/view/columns.js';
import { valueLabel, withFilter } from '../filters.js';
import { queryFilters } from '../../../protocol/view/query-filters.js';
import { formatCount } from '../format.js';
import { Icon } from '../icon.js';
import { RadioGroup } from '../radio-group.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { choicesOf, toggleValues } from './choices.js';

/** Of a column with very many values the server sends only so many at a time. */
const PAGE = 100;
/**
 * A pause in typing before the server is asked. Far below the 125 ms between the keys of a quick typist: a longer one
 * withdraws every question before its answer is there, and the list stands still until the typing ends.
 */
const TYPING_MS = 10;
/** The rows that Page Up and Page Down move by. */
const PAGE_KEYS = 8;

/**
 * A dropdown that is always open: a field to search, a list to choose many values from (WAI-ARIA combobox with a
 * multi-selectable listbox), counts under the other filters, and a switch that excludes instead.
 */
export function ChoiceFilter({
  column,
  filter,
}: {
  column: ColumnInfo;
  filter: AddressFilter | undefined;
}): JSX.Element {
  const { navigation, dataset, snapshot, change, pictureFirst } = useStore();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const [negative, setNegative] = useState(filter?.exclude === true);
  const view = navigation.view.value!;
  const info = dataset.value!;
  const others = queryFilters(view, info.columns, column.name).filters;
  const small = isChoice(column);
  const ask = {
    dataset: info.name,
    column: column.name,
    search: small ? '' : search.trim(),
    limit: small ? MAX_DROPDOWN + 1 : PAGE,
    filters: others,
    snapshot: snapshot.value,
  };
  const answer = useAnswer(
    JSON.stringify(ask),
    async (signal) => {
      await pictureFirst.wait();
      return api.values(ask, signal);
    },
    small ? 0 : TYPING_MS,
  );
  const choices = choicesOf(column, answer.value, filter, search);
  const most = Math.max(1, ...choices.map((choice) => choice.count));
  const chosenCount = filter?.op === 'in' ? filter.values.length : 0;
  const at = Math.min(active, choices.length - 1);

  useEffect(() => {
    list.current
      ?.querySelector(`#${CSS.escape(`${id}-${at}`)}`)
      ?.scrollIntoView({ block: 'nearest' });
  }, [at, id]);

  const put = (next: AddressFilter | undefined): void =>
    change((old) => withFilter(old, column.name, next));
  const exclude = negative ? ({ exclude: true } as const) : {};
  const take = (values: readonly (string | null)[], chosen: boolean): void => {
    const next = toggleValues(
      column.name,
      filter?.op === 'in' ? filter : undefined,
      values,
      chosen,
    );
    put(next && { ...next, ...exclude });
  };
  const setExclude = (on: boolean): void => {
    setNegative(on);
    if (!filter || filter.op === 'range') return;
    const { exclude: _, ...rest } = filter;
    put(on ? { ...rest, exclude: true } : rest);
  };
  const matching = search.trim() === '' ? [] : choices;
  const complete = small || (answer.value !== undefined && answer.value.matching <= choices.length);

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = choices.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_KEYS,
      PageUp: at - PAGE_KEYS,
      ...(event.ctrlKey || event.metaKey ? { Home: 0, End: last } : {}),
    };
    const to = moves[event.key];
    if (to !== undefined) setActive(Math.max(0, Math.min(last, to)));
    else if (event.key === 'Enter' && choices[at]) take([choices[at].value], !choices[at].chosen);
    else if (event.key === 'Escape' && search !== '') setSearch('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="choices">
      <div class="choices-head">
        <input
          type="text"
          class="field"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={choices[at] ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          aria-label={`Search values of ${column.name}`}
          placeholder="Search"
          autocomplete="off"
          spellcheck={false}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <RadioGroup
          label="Keep or exclude the chosen values"
          look="segmented"
          value={negative ? 'not' : 'is'}
          options={[
            { value: 'is', content: 'is' },
            { value: 'not', content: 'is not' },
          ]}
          onChoose={(value) => setExclude(value === 'not')}
        />
      </div>
      {filter?.op === 'contains' && (
        <p class="note">
          <div>
            {filter.exclude ? 'Without' : 'All'} values that contain “{filter.text}”.{' '}
            <button type="button" class="link" onClick={() => put(undefined)}>
              Clear
            </button>
          </div>
        </p>
      )}
      <ul
        ref={list}
        id={`${id}-list`}
        class="options"
        role="listbox"
        aria-multiselectable="true"
        aria-label={`Values of ${column.name}`}
        aria-busy={answer.pending}
      >
        {choices.map((choice, index) => (
          <li
            key={choice.value === null ? 'null' : `=${choice.value}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={choice.chosen}
            class={`option${index === at ? ' current' : ''}${choice.count === 0 ? ' none' : ''}`}
            style={{ '--share': `${(100 * choice.count) / most}%` }}
            // The field keeps the focus, so that keys go on working.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              setActive(index);
              take([choice.value], !choice.chosen);
            }}
          >
            <span class="tick">
              {choice.chosen && <Icon name={negative ? 'close' : 'check'} size={12} />}
            </span>
            <span class={choice.value === null || choice.value === '' ? 'label special' : 'label'}>
              {valueLabel(choice.value)}
            </span>{' '}
            <span class="count">
              {formatCount(choice.count)}
              <span class="sr-only"> rows</span>
            </span>
          </li>
        ))}
        {choices.length === 0 && !answer.pending && (
          <li class="muted empty" role="presentation">
            {search === ''
              ? 'No values under the other filters.'
              : `No value contains “${search}”.`}
          </li>
        )}
      </ul>
      {answer.error && <p class="note danger">{answer.error.message}</p>}
      <div class="choices-foot">
        <span class="muted" role="status">
          {chosenCount > 0 ? `${formatCount(chosenCount)} chosen · ` : ''}
          {answer.value && !complete
            ? `showing ${formatCount(choices.length)} of ${formatCount(answer.value.matching)}`
            : `${formatCount(choices.length)} ${choices.length === 1 ? 'value' : 'values'}`}
        </span>
        {matching.length > 0 &&
          (complete ? (
            <button
              type="button"
              class="link"
              onClick={() =>
                take(
                  matching.map((choice) => choice.value),
                  true,
                )
              }
            >
              Select all {formatCount(matching.length)}
            </button>
          ) : (
            column.kind === 'text' && (
              <button
                type="button"
                class="link"
                onClick={() =>
                  put({ op: 'contains', column: column.name, text: search.trim(), ...exclude })
                }
              >
                Select all matching
              </button>
            )
          ))}
        {chosenCount > 0 && matching.length === 0 && (
          <button type="button" class="link" onClick={() => put(undefined)}>
            Clear
          </button>
        )}
      </div>
    </div>
  );
}
