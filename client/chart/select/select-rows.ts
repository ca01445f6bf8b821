import type { Filter } from '../../../protocol/query.js';
import type { ChartOptions, Tool } from '../types.js';
import { selectByKey } from './by-key.js';
import { selectByPointer } from './by-pointer.js';
import type { SelectionGround } from './ground.js';
import { createSelected } from './selected.js';
import { selectableOf } from './selection-filters.js';

/** Selects rows by pointer and keys, and shows what is selected. */
export interface RowSelection {
  setTool(tool: Tool): void;
  /** Marks a selection from outside; one that is none of this picture's marks nothing. */
  set(filters: readonly Filter[] | null): void;
  /** Takes the selection back, and says so. */
  clear(): void;
  key(event: KeyboardEvent): boolean;
  /** Whether a click selects what it hits, so that two quick ones are two selections. */
  takesClicks(): boolean;
  /** Draws what is selected where it is now: to be called when axes or theme have changed. */
  draw(): void;
  destroy(): void;
}

/** `ground` gives undefined while there is no picture. Without `onSelect` nothing can be selected by hand. */
export function selectRows(
  element: HTMLElement,
  ground: () => SelectionGround | undefined,
  onSelect: ChartOptions['onSelect'],
): RowSelection {
  let tool: Tool = 'move';
  const selected = createSelected(element, ground, onSelect);
  const handGround = (): SelectionGround | undefined =>
    onSelect === undefined ? undefined : ground();
  const pointer = selectByPointer(element, { ground: handGround, tool: () => tool, selected });
  const key = selectByKey(element, { selected, last: () => pointer.last() });

  return {
    setTool(next) {
      tool = next;
      element.style.touchAction = next === 'box' || next === 'lasso' ? 'none' : '';
    },
    set: (filters) => selected.set(filters),
    clear: () => selected.put(undefined, 'final'),
    key(event) {
      const now = handGround();
      return now !== undefined && key(event, now);
    },
    takesClicks() {
      const now = handGround();
      return now?.bins !== undefined && selectableOf(now) !== undefined;
    },
    draw: () => selected.draw(),
    destroy() {
      pointer.destroy();
      selected.destroy();
    },
  };
}
