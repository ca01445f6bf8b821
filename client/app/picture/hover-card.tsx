import { LRUCache } from 'lru-cache';
import type { JSX } from 'preact';
import type { Hover } from '../../chart/types.js';
import type { JsonValue } from '../../../protocol/column.js';
import { formatCount, formatNoun, formatNumber } from '../format.js';
import { Icon } from '../icon.js';
import type { Plot } from '../plot.js';
import { api } from '../state/api.js';
import { useStore } from '../store.js';
import { useAnswer } from '../use-answer.js';

/** A pointer that rests this long wants the whole row. */
const REST_MS = 60;
/** Columns that fit a card beside the pointer; a pinned card scrolls. */
const BRIEF = 12;
/** How far the card stands from the pointer. */
const GAP = 14;

const rows = new LRUCache<string, Record<string, JsonValue>>({ max: 128 });

/** What is under the pointer: a row with all its values, a number of rows, or a bar. */
export function HoverCard({
  hover,
  plot,
  pinned,
  onClose,
}: {
  hover: Hover;
  plot: Plot;
  pinned: boolean;
  onClose: () => void;
}): JSX.Element {
  // The card keeps to the side where there is room.
  const right = hover.left > 320;
  const style = {
    top: `max(8px, min(${hover.top + GAP}px, calc(100% - 220px)))`,
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
        <RowCard hover={hover} plot={plot} pinned={pinned} onClose={onClose} />
      ) : hover.kind === 'rows' ? (
        <b>{formatNoun(hover.rows, 'row')} here</b>
      ) : (
        <>
          <b>{hover.label}</b>
          {hover.series !== undefined && <div>{hover.series ?? '(null)'}</div>}
          {hover.value !== null && hover.value !== hover.rows && (
            <div>{formatNumber(hover.value)}</div>
          )}
          <div class="muted">{formatNoun(hover.rows, 'row')}</div>
        </>
      )}
    </div>
  );
}

function RowCard({
  hover,
  plot,
  pinned,
  onClose,
}: {
  hover: Extract<Hover, { kind: 'row' }>;
  plot: Plot;
  pinned: boolean;
  onClose: () => void;
}): JSX.Element {
  const { dataset, snapshot } = useStore();
  const name = dataset.value!.name;
  const id = snapshot.value ?? '';
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
            <dd class={value === null ? 'special' : ''}>
              {value === null ? 'null' : String(value)}
            </dd>
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
