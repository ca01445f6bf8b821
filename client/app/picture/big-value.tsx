import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { valueAt } from '../../data/arrow/column.js';
import { columnOf } from '../../data/frame.js';
import { formatAlone } from '../format.js';
import { plotQuery } from '../../../protocol/view/plot-query.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';
import { PictureError } from './picture-error.js';
import { titleOf } from './title.js';

/** The mark `value`: one number, as large as it deserves. */
export function BigValue({ plot }: { plot: Plot }): JSX.Element {
  const { dataset, snapshot, pictureAsk: ask, shown, attempt: asked } = useStore();
  const query =
    snapshot.value === null ? null : plotQuery(plot, dataset.value!.name, snapshot.value);
  const [attempt, setAttempt] = useState(0);
  const { value: frame, error } = useAnswer(
    query && `${attempt} ${asked?.value ?? 0} ${JSON.stringify(query)}`,
    (signal) => ask(query!, { signal }),
  );
  useEffect(() => {
    if (!frame) return;
    const { metadata, plan, byteLength, timing } = frame;
    shown.value = { metadata, plan, bytes: byteLength, elapsedMs: timing['fetch'] ?? 0 };
  }, [frame]);
  const value: unknown =
    frame && frame.length > 0 ? valueAt(columnOf(frame, 'value'), 0) : undefined;
  return (
    <div
      class="picture"
      data-state={
        error ? 'error' : frame ? (frame.metadata.rows.matched > 0 ? 'exact' : 'empty') : 'loading'
      }
      data-matched={frame?.metadata.rows.matched}
      data-drawn={frame?.metadata.rows.drawn}
      data-method={frame?.metadata.method}
    >
      <div class="picture-over">
        {error ? (
          <PictureError error={error} onRetry={() => setAttempt(attempt + 1)} />
        ) : (
          frame && (
            <p class="big-value">
              <b>{value === null || value === undefined ? 'none' : formatAlone(Number(value))}</b>
              <span class="muted">{titleOf(plot)}</span>
            </p>
          )
        )}
      </div>
    </div>
  );
}
