import type { JSX } from 'preact';
import { Icon } from '../icon.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

/** What a picture is compared with, and a way back. */
export function AgainstChip(): JSX.Element | null {
  const { plot, change } = useStore();
  const against = plot.value?.against;
  if (against === undefined) return null;
  return (
    <span class="chip against">
      <span>
        <b>difference to</b> {againstInWords(against)}
      </span>
      <button
        type="button"
        aria-label="End the comparison"
        title="End the comparison"
        onClick={() => change((view) => edit(view, { against: undefined }))}
      >
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}

/** What is taken off, for people. */
export function againstInWords(against: string): string {
  if (against === 'all') return 'all rows';
  if (against === 'rest') return 'the rest';
  return against.startsWith('[') ? 'other filters' : `snapshot ${against}`;
}
