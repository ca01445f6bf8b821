import type { JSX } from 'preact';
import { formatNoun } from '../format.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { titleOf } from './title.js';

/** What the picture shows in one line, and why it was chosen where nobody did. */
export function Headline(): JSX.Element | null {
  const { plot, shown: drawn, change } = useStore();
  const shown = plot.value;
  // A table has its own heading.
  if (!shown || (shown.mark === 'rows' && !shown.reason)) return null;
  const metadata = drawn.value?.metadata;
  const raw = shown.mark === 'line' && shown.x?.kind === 'time';
  return (
    <div class="headline">
      {shown.mark !== 'rows' && <h1>{titleOf(shown)}</h1>}
      {shown.mark === 'bar' && metadata?.cut && (
        <p class="muted">
          {formatNoun(metadata.cut.keys, 'more bar')}; another order or a filter brings them here.
        </p>
      )}
      {shown.reason && (
        <p class="muted" title={shown.reason}>
          {shown.reason}
        </p>
      )}
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
