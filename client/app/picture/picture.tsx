import { useEffect } from 'preact/hooks';
import type { JSX } from 'preact';
import { plotQuery } from '../plot.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { EmptyState } from './empty-state.js';

export function Picture(): JSX.Element {
  const { plot, dataset, snapshot, frames, shown } = useStore();
  const q =
    plot.value && snapshot.value
      ? plotQuery(plot.value, dataset.value!.name, snapshot.value)
      : null;
  const answer = useAnswer(q && JSON.stringify(q), (signal) => frames.ask(q!, signal));
  useEffect(() => {
    if (answer.value) shown.value = answer.value;
  }, [answer.value]);
  return (
    <div class="picture">
      <div class="picture-over">
        <EmptyState />
      </div>
      <pre style="white-space:pre-wrap;font-size:10px">
        {JSON.stringify(q)} {answer.error?.message}
      </pre>
    </div>
  );
}
