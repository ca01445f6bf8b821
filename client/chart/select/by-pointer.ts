import type { JsonValue } from '../../../protocol/column.js';
import type { Span } from '../axis.js';
import type { Tool } from '../types.js';
import { dragFrom } from './drag.js';
import type { SelectionGround } from './ground.js';
import { placeOf } from './place.js';
import type { Selected } from './selected.js';
import { selectableOf } from './selection-filters.js';
import type { LayerPlace } from './selection-layer.js';
import type { Place, Shape } from './shape.js';

/** A pointer that moved less than this, in CSS pixels, has clicked. */
const CLICK_PX = 4;

/** Selects rows by drags and clicks. */
export interface PointerSelection {
  /** Where the pointer was seen last. */
  last(): Place | undefined;
  destroy(): void;
}

export function selectByPointer(
  element: HTMLElement,
  {
    ground,
    tool,
    selected,
  }: {
    ground: () => SelectionGround | undefined;
    tool: () => Tool;
    selected: Selected;
  },
): PointerSelection {
  let last: Place | undefined;
  let end: (() => void) | undefined;
  const isByTool = (): boolean => tool() === 'box' || tool() === 'lasso';

  function onPointerDown(event: PointerEvent): void {
    const now = ground();
    if (now === undefined || event.button !== 0) return;
    const selectable = selectableOf(now);
    const start = placeOf(event, element, now);
    if (selectable === undefined || start === undefined) return;
    // A filter has several values, but one span of time.
    if (selectable === 'keys' && typeof now.query.x === 'string') {
      onRelease(event, (isClick) => isClick && toggleKey(start, event, now));
      return;
    }
    if (selectable === 'keys' || !(isByTool() || event.shiftKey)) {
      if (now.bins) onRelease(event, (isClick) => isClick && void toggleBin(start, now));
      return;
    }
    // Plotly listens to the mouse: without this its own drag would begin.
    event.preventDefault();
    event.stopPropagation();
    const drag = dragFrom(start, now, { tool: tool(), selectable, shape: selected.shape() });
    let hasMoved = false;
    const onMove = (move: PointerEvent): void => {
      hasMoved ||= distance(event, move) > CLICK_PX;
      const at = placeOf(move, element, ground() ?? now, true);
      if (hasMoved && at !== undefined) selected.put(drag(at), 'changing');
    };
    element.addEventListener('pointermove', onMove, true);
    element.setPointerCapture(event.pointerId);
    onRelease(event, () => {
      element.removeEventListener('pointermove', onMove, true);
      if (now.bins && !hasMoved) void toggleBin(start, now);
      else selected.put(hasMoved ? selected.shape() : undefined, 'final');
    });
  }

  /** Calls `done` when the button is let go, and tells whether the pointer has stayed. */
  function onRelease(down: PointerEvent, done: (isClick: boolean) => void): void {
    end?.();
    const onUp = (up: PointerEvent): void => {
      end?.();
      done(distance(down, up) <= CLICK_PX);
    };
    end = () => {
      globalThis.removeEventListener('pointerup', onUp, true);
      globalThis.removeEventListener('pointercancel', onUp, true);
      end = undefined;
    };
    globalThis.addEventListener('pointerup', onUp, true);
    globalThis.addEventListener('pointercancel', onUp, true);
  }

  function toggleKey([, y]: Place, { ctrlKey, metaKey, shiftKey }: PointerEvent, now: LayerPlace) {
    const key = now.keys[now.keys.length - 1 - Math.round(y)];
    const shape = selected.shape();
    const before = shape?.kind === 'keys' ? shape.keys : [];
    if (key === undefined) return selected.put(undefined, 'final');
    const isMore = ctrlKey || metaKey || shiftKey;
    const others = before.filter((each) => each !== key);
    const wasAlone = before.length === 1 && others.length === 0;
    const keys: readonly JsonValue[] = isMore
      ? others.length < before.length
        ? others
        : [...others, key]
      : wasAlone
        ? []
        : [key];
    selected.put({ kind: 'keys', keys }, 'final');
  }

  /** Takes the bin at a place, or takes it back where it is taken alone. */
  async function toggleBin(place: Place, now: SelectionGround): Promise<void> {
    const bins = await now.bins!();
    const block = bins.at(place);
    const next = block && bins.shapeOf(block);
    const isTaken = next !== undefined && isAlike(next, selected.shape());
    selected.put(isTaken ? undefined : next, 'final');
  }

  const onPointerMove = (event: PointerEvent): void => {
    const now = ground();
    last = now && placeOf(event, element, now);
  };
  // A finger on the plot would scroll the page while it draws a box.
  const onTouch = (event: TouchEvent): void => {
    if (ground() !== undefined && isByTool()) event.stopPropagation();
  };
  element.addEventListener('pointerdown', onPointerDown, true);
  element.addEventListener('pointermove', onPointerMove);
  element.addEventListener('touchstart', onTouch, true);

  return {
    last: () => last,
    destroy() {
      end?.();
      element.removeEventListener('pointerdown', onPointerDown, true);
      element.removeEventListener('pointermove', onPointerMove);
      element.removeEventListener('touchstart', onTouch, true);
    },
  };
}

/** Whether two boxes or bands have the same ends, but for what an address rounds. */
function isAlike(a: Shape, b: Shape | undefined): boolean {
  const near = ([low, high]: Span, other: Span): boolean =>
    Math.max(Math.abs(low - other[0]), Math.abs(high - other[1])) <= (high - low) / 100;
  if (a.kind === 'box') return b?.kind === 'box' && near(a.x, b.x) && near(a.y, b.y);
  if (a.kind === 'keys') return b?.kind === 'keys' && a.keys[0] === b.keys[0];
  return a.kind === 'band' && b?.kind === 'band' && near(a.x, b.x);
}

const distance = (a: PointerEvent, b: PointerEvent): number =>
  Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
