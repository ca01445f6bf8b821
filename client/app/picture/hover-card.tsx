import type { JSX } from 'preact';
import { keepRecent } from '../../data/recent.js';
import type { Hover } from '../../chart/types.js';
import type { JsonValue } from '../../../protocol/column.js';
import { formatCount, formatNoun, formatNumber } from '../format.js';
import { Icon } from '../icon.js';
import type { Plot } from '../../../protocol/view/plot.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { readableTimes } from '../../../protocol/view/time.js';
import { zonedText } from '../../../protocol/view/zone-clock.js';
import { useAnswer } from '../use-answer.js';
import { valueLabel } from './spec.js';
import '../../styles/hover-card.css';

/** A pointer that rests this long wants the whole row. */
const REST_MS = 60;
/** Columns that fit a card beside the pointer; a pinned card scrolls. */
const BRIEF = 12;
/** How far the card stands from the pointer. */
const GAP = 14;
/** What it leaves free at the edge of the picture, and how wide it is at most. */
const EDGE = 8;
const WIDEST = 320;

const rows = keepRecent<Record<string, JsonValue>>(128);

/** What is under the pointer: a row with all its values, a number of rows, or a bar. */
export function HoverCard({
  hover,
  snapshot,
  plot,
  pinned,
  room,
  onClose,
}: {
  hover: Hover;
  snapshot: string;
  plot: Plot;
  pinned: boolean;
  /** How wide the picture is. */
  room: number;
  onClose: () => void;
}): JSX.Element {
  // The card keeps to the side where there is room.
  const right = hover.left > room / 2;
  const beside = (right ? hover.left : room - hover.left) - GAP - EDGE;
  const style = {
    maxWidth: `${Math.min(WIDEST, beside)}px`,
    top: `max(${EDGE}px, min(${hover.top + GAP}px, calc(100% - 220px)))`,
    ...(right
      ? { right: `calc(100% - ${hover.left - GAP}px)` }
      : { left: `${hover.left + GAP}px` }),
  };
  return (
    <div
      class={`card-hover${pinned ? ' pinned' : ''}`}
      style={style}
      role={pinned ? 'dialog' : undefined}
      aria-label={pinned ? 'Row' : undefined}
    >
      {hover.kind === 'row' ? (
        <RowCard hover={hover} snapshot={snapshot} plot={plot} pinned={pinned} onClose={onClose} />
      ) : hover.kind === 'rows' ? (
        <b>{formatNoun(hover.rows, 'row')} here</b>
      ) : (
        <BinCard hover={hover} plot={plot} />
      )}
    </div>
  );
}

function BinCard({
  hover: { label, sides, series, value, rows: count },
  plot,
}: {
  hover: Extract<Hover, { kind: 'bin' }>;
  plot: Plot;
}): JSX.Element {
  const name = valueLabel(plot);
  const isTime = [plot.x, ...plot.y].some((column) => column?.kind === 'time');
  const readable = (text: string): string => (isTime ? readableTimes(text) : text);
  const measured = name === 'rows' ? undefined : value === null ? 'none' : formatNumber(value);
  if (sides !== undefined) {
    return (
      <>
        <header>{measured === undefined ? formatNoun(count, 'row') : `${name} ${measured}`}</header>
        <dl class="sides">
          {sides.map((side) => (
            <>
              <dt>{side.name}</dt>
              <dd>{readable(side.ends)}</dd>
            </>
          ))}
          {measured !== undefined && (
            <>
              <dt>rows</dt>
              <dd>{formatCount(count)}</dd>
            </>
          )}
        </dl>
      </>
    );
  }
  return (
    <>
      <b>{readable(label)}</b>
      {series !== undefined && <div>{series ?? '(null)'}</div>}
      {measured !== undefined && (
        <div>
          {name} {measured}
        </div>
      )}
      <div class="muted">{formatNoun(count, 'row')}</div>
    </>
  );
}

function RowCard({
  hover,
  snapshot: id,
  plot,
  pinned,
  onClose,
}: {
  hover: Extract<Hover, { kind: 'row' }>;
  snapshot: string;
  plot: Plot;
  pinned: boolean;
  onClose: () => void;
}): JSX.Element {
  const { dataset } = useStore();
  const name = dataset.value!.name;
  const key = JSON.stringify([name, id, hover.row]);
  const known = rows.get(key);
  const answer = useAnswer(
    known ? null : key,
    async (signal) => {
      const values = await api.row(name, hover.row, id, signal);
      rows.set(key, values);
      return { key, values };
    },
    REST_MS,
  );
  const values = known ?? (answer.value?.key === key ? answer.value.values : undefined);
  // Until the row is there, what the axes know.
  const brief: Record<string, JsonValue> = {
    ...(plot.x ? { [plot.x.name]: hover.x } : {}),
    ...(plot.y[0] ? { [plot.y[0].name]: hover.y } : {}),
  };
  const entries = Object.entries(values ?? brief);
  const shown = pinned ? entries : entries.slice(0, BRIEF);
  const columns = dataset.value!.columns;
  const cellText = (column: string, value: JsonValue): string => {
    if (value === null) return 'null';
    const isTime = columns.find(({ name: each }) => each === column)?.kind === 'time';
    return isTime ? readableTimes(zonedText(String(value), plot.timeZone)) : String(value);
  };
  return (
    <>
      <header>
        <span>Row {formatCount(hover.row)}</span>
        {pinned && (
          <button
            type="button"
            class="button quiet icon small"
            aria-label="Close"
            onClick={onClose}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </header>
      <dl>
        {shown.map(([column, value]) => (
          <>
            <dt>{column}</dt>
            <dd class={value === null ? 'special' : ''}>{cellText(column, value)}</dd>
          </>
        ))}
      </dl>
      {entries.length > shown.length && (
        <p class="muted">{formatCount(entries.length - shown.length)} more: click to pin</p>
      )}
      {answer.error && pinned && <p class="danger-text">{answer.error.message}</p>}
    </>
  );
}
