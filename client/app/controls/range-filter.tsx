import type { JSX } from 'preact';
import type { AddressFilter } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { isConstant, positionOf } from '../../../protocol/view/columns.js';
import { withFilter } from '../filters.js';
import { formatCount } from '../format.js';
import { usualDomain } from '../../../protocol/view/plot-domain.js';
import { useStore } from '../store.js';
import { readableTimes } from '../../../protocol/view/time.js';
import { zonedText } from '../../../protocol/view/zone-clock.js';
import { EndField } from './end-field.js';
import { RangeBars } from './range-bars.js';
import { RangeHandle } from './range-handle.js';
import { endsOn, rangeOf, textAt, type Span } from './span.js';

/** A range: two handles on a histogram of the rows that pass the other filters, and two typed ends. */
export function RangeFilter({
  column,
  filter,
}: {
  column: ColumnInfo;
  filter: AddressFilter | undefined;
}): JSX.Element {
  const { navigation, change, drag, plot } = useStore();
  const timeZone = column.zoned ? plot.value?.timeZone : undefined;
  // The clock is named behind both.
  const shown = (time: typeof column.min): string =>
    readableTimes(zonedText(String(time), timeZone)).replace(/Z$/u, '');
  const span = trackOf(column);
  const range = filter?.op === 'range' ? filter : undefined;
  const [from, to] = endsOn(span, range, column);
  const put = (min: string | undefined, max: string | undefined, dragging = false): void =>
    (dragging ? drag : change)((view) =>
      withFilter(view, column.name, rangeOf(column.name, min, max)),
    );
  /** A handle that stands at the end of the track leaves that end free. */
  const move = (end: 'min' | 'max', position: number, dragging: boolean): void => {
    const within = Math.min(
      end === 'min' ? to : span.high,
      Math.max(end === 'max' ? from : span.low, position),
    );
    const free = end === 'min' ? within <= span.low : within >= span.high;
    const text = free ? undefined : textAt(within, column, span);
    put(end === 'min' ? text : range?.min, end === 'max' ? text : range?.max, dragging);
  };
  const handles = { span, column, from, to, move, settle: () => navigation.settle() };
  if (isConstant(column)) {
    return (
      <p class="muted">{column.min === null ? 'No values at all.' : `Always ${column.min}.`}</p>
    );
  }
  return (
    <div class="range">
      <div class="range-track">
        {column.kind !== 'clock' && <RangeBars column={column} span={span} from={from} to={to} />}
        <RangeHandle label={`Least ${column.name}`} end="min" {...handles} />
        <RangeHandle label={`Greatest ${column.name}`} end="max" {...handles} />
      </div>
      <div class="range-ends">
        <EndField
          label={`${column.name} from`}
          column={column}
          timeZone={timeZone}
          text={range?.min}
          placeholder={String(column.min)}
          onChoose={(min) => put(min, range?.max)}
        />
        <span class="muted">to</span>
        <EndField
          label={`${column.name} to`}
          column={column}
          timeZone={timeZone}
          text={range?.max}
          placeholder={String(column.max)}
          onChoose={(max) => put(range?.min, max)}
        />
      </div>
      {column.kind === 'time' && (
        <p class="muted small">
          {shown(column.min)} to {shown(column.max)}
          {column.zoned ? `, in ${timeZone?.replaceAll('_', ' ') ?? 'UTC'}` : ''}
        </p>
      )}
      {column.nulls > 0 && range && (
        <p class="muted small">
          A range leaves out the {formatCount(column.nulls)} rows without a value.
        </p>
      )}
    </div>
  );
}

/** The span worth dragging over: without the outliers that would squeeze the rest. */
function trackOf(column: ColumnInfo): Span {
  const [min, max] = usualDomain(column, 'linear', { dataset: '' })?.domain ?? [
    column.min,
    column.max,
  ];
  return { low: positionOf(min, column), high: positionOf(max, column) };
}
