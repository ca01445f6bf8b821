import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { FrameMetadata } from '../../../protocol/frame.js';
import { formatBytes, formatCount, formatDuration, formatNoun } from '../format.js';
import { FreshnessChip } from '../freshness/freshness-chip.js';
import { Icon } from '../icon.js';
import { lazy } from '../lazy.js';
import { fullExtent, showsAll } from '../../../protocol/view/plot-domain.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';

const ExactDialog = lazy(async () => (await import('./exact-dialog.js')).ExactDialog);
const ReportDialog = lazy(async () => (await import('../start/report.js')).ReportDialog);

const METHODS: Readonly<Record<string, string>> = {
  points: 'each row a point',
  density: 'shaded by rows',
  m4: 'line through every extreme (M4)',
  outline: 'line through every row that shows',
  minmax: 'line through every extreme',
  lttb: 'simplified line (LTTB)',
  minmaxlttb: 'simplified line (MinMaxLTTB)',
  aggregate: 'aggregated',
};

/** Where every row went, how the picture was made, and how fresh it is. */
export function StatusLine(): JSX.Element | null {
  const { shown, dataset, plot, change, navigation } = useStore();
  const view = navigation.view.value;
  const [open, setOpen] = useState<'exact' | 'report' | null>(null);
  const info = dataset.value;
  if (!info) return null;
  const current = shown.value;
  const rows = current?.metadata.rows;
  const { x: xUnit, y: yUnit } = current?.metadata.unit ?? {};
  const hasCategories = xUnit === 'category' || yUnit === 'category';
  const isOfOthers =
    hasCategories && plot.value?.mark === 'heatmap' && view !== null && showsAll(plot.value, view);
  const setAside = info.report?.setAside ?? 0;
  const nulled = info.report?.nulled ?? 0;
  return (
    <div class="status" role="group" aria-label="Status">
      <span class="number">{formatNoun(rows?.total ?? info.rows, 'row')}</span>
      {rows && (
        <>
          <span class="number">
            {rows.matched === rows.total ? 'all match' : `${formatCount(rows.matched)} match`}
          </span>
          <span class="number">{formatCount(rows.drawn)} drawn</span>
          {/* Of bars, what is outside stands under the keys that were cut off, which is said below. */}
          {rows.outside > 0 && !current.metadata.cut && (
            <span class="number">
              {formatNoun(rows.outside, 'row')} {isOfOthers ? 'of other values' : 'outside'}
              {plot.value?.mark !== 'rows' && !isOfOthers && (
                <>
                  {' · '}
                  <button
                    type="button"
                    class="link"
                    onClick={() => change((view, drawn) => edit(view, fullExtent(drawn)))}
                  >
                    show all
                  </button>
                </>
              )}
            </span>
          )}
          {rows.dropped > 0 && (
            <span
              class="number"
              title="Rows whose x or y is null, not a number, infinite, or not positive on a log axis"
            >
              {formatCount(rows.dropped)} without a place
            </span>
          )}
          {current.metadata.cut && (
            <span class="number">
              {formatNoun(current.metadata.cut.rows, 'row')} in{' '}
              {formatNoun(current.metadata.cut.keys, 'more bar')}
            </span>
          )}
        </>
      )}
      {(setAside > 0 || nulled > 0) && (
        <button type="button" class="link" onClick={() => setOpen('report')}>
          {setAside > 0
            ? `${formatNoun(setAside, 'line')} set aside at load`
            : `${formatNoun(nulled, 'value')} became null at load`}
        </button>
      )}
      <span class="status-end">
        {current && (
          <>
            <span class="muted" title={technical(current)}>
              {METHODS[current.metadata.method] ?? current.metadata.method}
            </span>
            <button
              type="button"
              class={`badge ${current.metadata.exact ? 'accent' : ''}`}
              title="What does this mean?"
              onClick={() => setOpen('exact')}
            >
              {current.metadata.exact ? <Icon name="check" size={12} /> : null}
              {certainty(current.metadata)}
            </button>
          </>
        )}
        <FreshnessChip />
      </span>
      {open === 'exact' && current && (
        <ExactDialog
          metadata={current.metadata}
          technical={technical(current)}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'report' && <ReportDialog dataset={info} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** What the badge says: how true the picture is. */
function certainty(metadata: FrameMetadata): string {
  const { exact, estimated, margin, rows, share = 1 } = metadata;
  if (exact) return 'exact';
  if (!estimated) return `approximate${bound(metadata)}`;
  // Where all rows are in the picture their number is known.
  if (!margin?.drawn || rows.drawn === 0) return `estimate from 1 row in ${Math.round(1 / share)}`;
  const percent = (100 * margin.drawn) / rows.drawn;
  return `estimate ±${percent < 1 ? percent.toFixed(1) : formatCount(Math.ceil(percent))} %`;
}

const bound = ({ bound: most }: FrameMetadata): string =>
  most === undefined ? '' : ` (±${typeof most === 'number' ? formatCount(most) : most})`;

function technical({
  metadata,
  plan,
  elapsedMs,
  bytes,
}: NonNullable<ReturnType<typeof useStore>['shown']['value']>): string {
  const sent = bytes > 0 ? formatBytes(bytes) : 'from this browser’s memory';
  const how = plan ? `; ${plan.tier}: ${plan.reason}` : '';
  return `${formatCount(metadata.marks)} marks in ${formatDuration(elapsedMs / 1000)}, ${sent}${how}`;
}
