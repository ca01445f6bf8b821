import type { JSX } from 'preact';
import type { Query } from '../../../protocol/query.js';
import { formatNoun } from '../format.js';
import { Icon } from '../icon.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { canExclude, withSelection } from './with-selection.js';
import '../../styles/selection-bar.css';

/** How many rows are marked on the picture, and what can be done with them. */
export function SelectionBar(): JSX.Element | null {
  const { selection, picture, plot, dataset, snapshot, ask, change } = useStore();
  const filters = selection.value;
  const query: Query | null =
    filters && plot.value && dataset.value && snapshot.value !== null
      ? {
          dataset: dataset.value.name,
          snapshot: snapshot.value,
          mark: 'value',
          // A polygon is straight on the axes that it was drawn on.
          scale: plot.value.scale,
          filters: [...plot.value.filters, ...filters],
        }
      : null;
  const key = query && JSON.stringify(query);
  const { value: counted } = useAnswer(key, async (signal) => {
    const { metadata } = await ask(query!, { signal });
    return { key, rows: metadata.rows.matched };
  });
  if (!filters) return null;
  const clear = (): void => {
    picture.value?.select(null);
    selection.value = null;
  };
  const take = (exclude: boolean): void => {
    change((view) => withSelection(view, filters, exclude, dataset.value?.columns ?? []));
    clear();
  };
  return (
    <div class="selection-bar" role="group" aria-label="Selection">
      <span class="number" role="status">
        {counted?.key === key ? `${formatNoun(counted.rows, 'row')} selected` : 'Counting…'}
      </span>
      <button type="button" class="button small" onClick={() => take(false)}>
        Filter to selection
      </button>
      {canExclude(filters) && (
        <button type="button" class="button small" onClick={() => take(true)}>
          Exclude
        </button>
      )}
      <button
        type="button"
        class="button quiet icon small"
        aria-label="Clear the selection"
        title="Clear (Esc)"
        onClick={clear}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
