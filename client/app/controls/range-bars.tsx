import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import type { Query } from '../../../protocol/query.js';
import { queryFilters } from '../../../protocol/view/query-filters.js';
import { readBins } from '../state/frames.js';
import { useStore } from '../store.js';
import { timeOf } from '../../../protocol/view/time.js';
import { useAnswer } from '../use-answer.js';
import type { Span } from './span.js';

/** Bars behind the handles: one for about five pixels. */
const BARS = 50;

/** How the rows that pass the other filters are spread along the track. */
export function RangeBars({
  column,
  span,
  from,
  to,
}: {
  column: ColumnInfo;
  span: Span;
  from: number;
  to: number;
}): JSX.Element {
  const { navigation, dataset, snapshot, ask, pictureFirst } = useStore();
  const info = dataset.value!;
  const { filters } = queryFilters(navigation.view.value!, info.columns, column.name);
  const query: Query = {
    dataset: info.name,
    mark: 'histogram',
    x: column.name,
    bins: BARS,
    domain: {
      x: [span.low, span.high].map((end) =>
        column.kind === 'time' ? timeOf(end, { ...column, unit: 'ms' }) : end,
      ),
    },
    filters,
  };
  if (snapshot.value !== null) query.snapshot = snapshot.value;
  const { value: bins = [] } = useAnswer(JSON.stringify(query), async (signal) => {
    await pictureFirst.wait();
    return readBins(await ask(query, { signal }));
  });
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const width = span.high - span.low;
  return (
    <svg class="range-bars" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {bins.map(({ lo, hi, count }) => {
        const x = (100 * (lo - span.low)) / width;
        const right = (100 * (Math.max(hi, lo + width / BARS / 2) - span.low)) / width;
        // A bar that stands for a row is never too low to be seen.
        const height = count === 0 ? 0 : Math.max(2, (100 * count) / most);
        const inside = hi > from && lo < to;
        return (
          <rect
            key={lo}
            class={inside ? 'in' : 'out'}
            x={x}
            y={100 - height}
            width={Math.max(0.2, right - x - 0.35)}
            height={height}
          />
        );
      })}
    </svg>
  );
}
