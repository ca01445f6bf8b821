import { canonicalJson } from '../../../protocol/canonical.js';
import type { Filter } from '../../../protocol/query.js';
import type { ChartOptions, SelectPhase } from '../types.js';
import type { SelectionGround } from './ground.js';
import { filtersOf, shapeOf, sharesOf } from './selection-filters.js';
import { createSelectionLayer } from './selection-layer.js';
import { isFlat, type Shape } from './shape.js';

/** What is selected in a chart: drawn over its picture, and told as filters. */
export interface Selected {
  shape(): Shape | undefined;
  /** True while a box is moved by keys and not yet taken. */
  isOpen(): boolean;
  /** Another shape by hand. */
  put(shape: Shape | undefined, phase: SelectPhase): void;
  /** Filters from outside, of which nothing is told. */
  set(filters: readonly Filter[] | null): void;
  draw(): void;
  destroy(): void;
}

export function createSelected(
  element: HTMLElement,
  ground: () => SelectionGround | undefined,
  onSelect: ChartOptions['onSelect'],
): Selected {
  const layer = createSelectionLayer(element);
  let shape: Shape | undefined;
  /** What was set from outside before there was a picture to mark it on. */
  let given: readonly Filter[] | null = null;
  let said = 'null';

  function draw(): void {
    const now = ground();
    if (now === undefined) return;
    if (given !== null) shape = shapeOf(given, now);
    layer.draw(shape, now);
  }

  function tell(phase: SelectPhase): void {
    const now = ground();
    if (now === undefined) return;
    const filters = shape === undefined ? null : filtersOf(shape, now);
    const words = phase + canonicalJson(filters);
    if (words === said) return;
    said = words;
    onSelect?.(filters, phase, shape && sharesOf(shape, now));
  }

  return {
    shape: () => shape,
    isOpen: () => shape !== undefined && said.startsWith('changing'),
    put(next, phase) {
      const now = ground();
      shape = next === undefined || (phase === 'final' && isFlat(next)) ? undefined : next;
      // Categories may come to stand elsewhere: what was chosen are their values.
      given = shape && now?.categories ? filtersOf(shape, now) : null;
      draw();
      tell(phase);
    },
    set(filters) {
      given = filters;
      if (filters === null) shape = undefined;
      said = `final${canonicalJson(filters)}`;
      draw();
    },
    draw,
    destroy: () => layer.destroy(),
  };
}
