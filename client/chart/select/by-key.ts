import type { View } from '../view.js';
import type { Bins, Block } from './bins.js';
import type { SelectionGround } from './ground.js';
import { middleOf } from './place.js';
import type { Selected } from './selected.js';
import { selectableOf } from './selection-filters.js';
import {
  movedShape,
  shapeBetween,
  WHOLE,
  type Place,
  type Selectable,
  type Shape,
} from './shape.js';

/** A box that begins by key has this share of the plot area on each axis; a step of a key moves it by a share. */
const KEY_BOX = 0.2;
const KEY_STEP = 0.02;

const STEPS: Readonly<Record<string, Place | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Selects rows by keys: the returned function acts on one, and tells whether it was one. `last` is where the pointer was seen. */
export function selectByKey(
  element: HTMLElement,
  { selected, last }: { selected: Selected; last: () => Place | undefined },
): (event: KeyboardEvent, now: SelectionGround) => boolean {
  /** The bins that keys walk over, and where they are. */
  let walk: { bins: Bins; block: Block } | undefined;

  /** Keys go on from `block`: it is marked, and said for those who do not see it. */
  function walkTo(bins: Bins, block: Block): void {
    walk = { bins, block };
    selected.put(bins.shapeOf(block), 'changing');
    tellAloud(bins.wordsOf(block));
  }

  async function beginWalk({ view, bins: load }: SelectionGround): Promise<void> {
    const bins = await load!();
    const block = bins.at(last() ?? middleOf(view)) ?? bins.at(middleOf(view));
    if (block !== undefined) walkTo(bins, block);
  }

  function tellAloud(words: string): void {
    void import('./say.js').then(({ say }) => say(element, words));
  }

  return (event, now) => {
    if (event.ctrlKey || event.metaKey) return false;
    const shape = selected.shape();
    if (event.key === 'Escape' && shape !== undefined) {
      selected.put(undefined, 'final');
      return true;
    }
    const selectable = selectableOf(now);
    if (selectable === undefined) return false;
    const { view } = now;
    if (event.key === 's' && !event.altKey) {
      if (now.bins) void beginWalk(now);
      else if (selectable !== 'keys') {
        walk = undefined;
        selected.put(keyBox(selectable, last() ?? middleOf(view), view), 'changing');
      }
      return true;
    }
    if (!selected.isOpen()) return false;
    if (event.key === 'Enter') {
      selected.put(shape, 'final');
      return true;
    }
    const step = STEPS[event.key];
    if (step === undefined || shape === undefined) return false;
    if (walk) walkTo(walk.bins, walk.bins.moved(walk.block, step, event.shiftKey));
    else selected.put(steppedShape(shape, step, view, event.shiftKey), 'changing');
    return true;
  };
}

function keyBox(selectable: Exclude<Selectable, 'keys'>, at: Place, view: View): Shape {
  const half = [view.x, view.y].map(([low, high]) => ((high - low) * KEY_BOX) / 2);
  const [w, h] = half as [number, number];
  const box = shapeBetween(selectable, [at[0] - w, at[1] - h], [at[0] + w, at[1] + h]);
  // Kept within the picture by a move of nothing.
  return movedShape(box, WHOLE, [0, 0], view);
}

/** A box that a key has moved, or with `isSized` made larger or smaller at its upper right. */
function steppedShape(shape: Shape, step: Place, view: View, isSized: boolean): Shape {
  const [dx, dy] = [view.x, view.y].map(
    ([low, high], side) => step[side]! * KEY_STEP * (high - low),
  ) as [number, number];
  const grip = isSized ? { left: false, right: true, low: false, high: true } : WHOLE;
  return movedShape(shape, grip, [dx, dy], view);
}
