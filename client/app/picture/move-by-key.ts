import { edit } from '../state/edit.js';
import type { Store } from '../store.js';
import { moveDomain, moveOf } from './move.js';

/** Moves or zooms by a key; tells whether the key was one for that. */
export function moveByKey(store: Store, key: string): boolean {
  const move = moveOf(key);
  if (!move) return false;
  const shown = store.shown.value?.metadata.domain;
  store.change((view, plot) => {
    // A histogram shows its first and its last bin whole.
    const isWhole = plot.mark === 'histogram' && plot.isFullX;
    const whole = isWhole ? store.picture.value?.domain()?.x : undefined;
    const from = whole ?? plot.domain.x ?? shown?.x;
    const x = moveDomain(from, plot.x, plot.scale.x, move.x, move.zoom);
    const free = plot.mark === 'scatter' || plot.mark === 'heatmap';
    const y = free
      ? moveDomain(plot.domain.y ?? shown?.y, plot.y[0], plot.scale.y, move.y, move.zoom)
      : undefined;
    return edit(view, { ...(x ? { xDomain: x } : {}), ...(y ? { yDomain: y } : {}) });
  });
  return true;
}
