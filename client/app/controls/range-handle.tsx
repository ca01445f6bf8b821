import { useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { textAt, type Span } from './span.js';

/** One press of an arrow key moves a handle by this share of the track. */
const KEY_STEP = 0.01;

/** One end of a range, moved by the pointer or by keys (WAI-ARIA slider). */
export function RangeHandle({
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
