import { useId, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { AddressFilter } from '../../../protocol/address.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import type { Query } from '../../../protocol/query.js';
import { isConstant, positionOf } from '../columns.js';
import { queryFilters, valueOf, withFilter } from '../filters.js';
import { formatCount } from '../format.js';
import { usualDomain } from '../plot.js';
import { readBins } from '../state/frames.js';
import { useStore } from '../store.js';
import { millisOf, readableTimes, timeOf } from '../time.js';
import { useAnswer } from '../use-answer.js';
import { endsOn, rangeOf, textAt, type Span } from './span.js';

/** Bars behind the handles: one for about five pixels. */
const BARS = 50;
/** One press of an arrow key moves a handle by this share of the track. */
const KEY_STEP = 0.01;

/** A range: two handles on a histogram of the rows that pass the other filters, and two typed ends. */
export function RangeFilter({
  column,
  filter,
}: {
  column: ColumnInfo;
  filter: AddressFilter | undefined;
}): JSX.Element {
  const { navigation, change, drag } = useStore();
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
        {column.kind !== 'clock' && <Bars column={column} span={span} from={from} to={to} />}
        <Handle label={`Least ${column.name}`} end="min" {...handles} />
        <Handle label={`Greatest ${column.name}`} end="max" {...handles} />
      </div>
      <div class="range-ends">
        <EndField
          label={`${column.name} from`}
          column={column}
          text={range?.min}
          placeholder={String(column.min)}
          onChoose={(min) => put(min, range?.max)}
        />
        <span class="muted">to</span>
        <EndField
          label={`${column.name} to`}
          column={column}
          text={range?.max}
          placeholder={String(column.max)}
          onChoose={(max) => put(range?.min, max)}
        />
      </div>
      {column.kind === 'time' && (
        <p class="muted small">
          {readableTimes(String(column.min))} to {readableTimes(String(column.max))}
          {column.zoned ? ', in UTC' : ''}
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

function Bars({
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

function Handle({
  label,
  end,
  span,
  column,
  from,
  to,
  move,
  settle,
}: {
  label: string;
  end: 'min' | 'max';
  span: Span;
  column: ColumnInfo;
  from: number;
  to: number;
  move: (end: 'min' | 'max', position: number, dragging: boolean) => void;
  settle: () => void;
}): JSX.Element {
  const held = useRef(false);
  const at = end === 'min' ? from : to;
  const width = span.high - span.low;
  const share = width > 0 ? (at - span.low) / width : end === 'min' ? 0 : 1;
  const positionAt = (event: PointerEvent): number => {
    const track = (event.currentTarget as HTMLElement).parentElement!.getBoundingClientRect();
    return span.low + ((event.clientX - track.left) / track.width) * width;
  };
  const step = column.integer ? Math.max(1, Math.round(width * KEY_STEP)) : width * KEY_STEP;
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: at - step,
      ArrowDown: at - step,
      ArrowRight: at + step,
      ArrowUp: at + step,
      PageDown: at - 10 * step,
      PageUp: at + 10 * step,
      Home: end === 'min' ? span.low : from,
      End: end === 'max' ? span.high : to,
    };
    const position = moves[event.key];
    if (position === undefined) return;
    event.preventDefault();
    move(end, position, false);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      class={`range-handle ${end}`}
      style={{ left: `${100 * share}%` }}
      aria-label={label}
      aria-valuemin={end === 'min' ? span.low : from}
      aria-valuemax={end === 'max' ? span.high : to}
      aria-valuenow={at}
      aria-valuetext={textAt(at, column, span)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => held.current && move(end, positionAt(event), true)}
      onPointerUp={(event) => {
        if (held.current) move(end, positionAt(event), true);
        held.current = false;
        settle();
      }}
      onPointerCancel={() => {
        held.current = false;
        settle();
      }}
    />
  );
}

/** A typed end, taken on Enter or when the field is left; the browser's own field for times. */
function EndField({
  label,
  column,
  text,
  placeholder,
  onChoose,
}: {
  label: string;
  column: ColumnInfo;
  text: string | undefined;
  placeholder: string;
  onChoose: (text: string | undefined) => void;
}): JSX.Element {
  const id = useId();
  const type =
    column.kind === 'time'
      ? column.unit === 'day'
        ? 'date'
        : 'datetime-local'
      : column.kind === 'clock'
        ? 'time'
        : 'text';
  const shown = text === undefined ? '' : column.kind === 'time' ? fieldTime(text, column) : text;
  return (
    <input
      id={id}
      class="field"
      type={type}
      inputMode={type === 'text' ? 'decimal' : undefined}
      step={type === 'datetime-local' || type === 'time' ? 1 : undefined}
      aria-label={label}
      placeholder={type === 'text' ? placeholder : undefined}
      title={placeholder}
      value={shown}
      onChange={(event) => {
        const field = event.currentTarget;
        const typed = field.value.trim();
        const value =
          typed === '' || column.kind !== 'time' ? typed : timeOf(millisOf(typed), column);
        const valid = value === '' || valueOf(value, column) !== undefined;
        field.setAttribute('aria-invalid', String(!valid));
        field.setCustomValidity(valid ? '' : `“${typed}” is no ${column.kind}`);
        if (valid) onChoose(value === '' ? undefined : value);
        else field.reportValidity();
      }}
      onInput={(event) => event.currentTarget.setCustomValidity('')}
    />
  );
}

/** A time as the browser's fields hold it: without a zone, in UTC, as all times are shown. */
function fieldTime(text: string, column: ColumnInfo): string {
  const millis = millisOf(text);
  if (Number.isNaN(millis)) return '';
  const iso = timeOf(millis, { ...column, zoned: false });
  return column.unit === 'day' ? iso.slice(0, 10) : iso.slice(0, 19);
}
