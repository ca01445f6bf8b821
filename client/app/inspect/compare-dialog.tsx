import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Dialog } from '../dialog.js';
import { formatAge } from '../format.js';
import { api } from '../state/api.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import '../../styles/inspect.css';
import '../../styles/start.css';

/** What the picture is to be compared with: the difference is drawn, less in one color and more in the other. */
export function CompareDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { plot, snapshot, dataset, now, change } = useStore();
  const [id, setId] = useState('');
  const name = dataset.value!.name;
  const { value: runs = [] } = useAnswer(name, (signal) => api.snapshots(name, signal));
  const others = runs.filter((run) => run.snapshot !== snapshot.value);
  const filters = plot.value?.filters ?? [];
  const compare = (against: string | undefined): void => {
    change((view) => edit(view, { against }));
    onClose();
  };
  const Choice = ({
    against,
    title,
    note,
    disabled = false,
  }: {
    against: string;
    title: string;
    note: string;
    disabled?: boolean;
  }) => (
    <button type="button" class="card" disabled={disabled} onClick={() => compare(against)}>
      <span class="card-text">
        <b>{title}</b>
        <span class="muted">{note}</span>
      </span>
    </button>
  );
  return (
    <Dialog title="Compare" onClose={onClose}>
      <p class="muted">
        The picture shows the difference, cell by cell: what is drawn now, less the other side.
      </p>
      <div class="compare-choices">
        <Choice
          against="rest"
          title="With the rest"
          note={
            filters.length > 0
              ? 'All rows that the filters leave out'
              : 'Filter first: without filters there is no rest'
          }
          disabled={filters.length === 0}
        />
        <Choice against="all" title="With all rows" note="The same picture without any filter" />
        <Choice
          against={JSON.stringify(filters)}
          title="With what is shown now"
          note="Keep it as the other side, then change the filters"
        />
        {others.map((run) => (
          <Choice
            key={run.snapshot}
            against={run.snapshot}
            title={`With the snapshot of ${formatAge(now.value - Date.parse(run.endedAt))}`}
            note={run.snapshot}
          />
        ))}
      </div>
      <form
        class="row-of-fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim() !== '') compare(id.trim());
        }}
      >
        <input
          class="field"
          aria-label="Snapshot to compare with"
          placeholder="The id of a snapshot"
          value={id}
          onInput={(event) => setId(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={id.trim() === ''}>
          Compare
        </button>
      </form>
      {plot.value?.against !== undefined && (
        <button type="button" class="button" onClick={() => compare(undefined)}>
          No comparison
        </button>
      )}
    </Dialog>
  );
}
