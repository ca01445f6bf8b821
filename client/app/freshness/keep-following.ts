import { effect } from '@preact/signals';
import type { ColumnInfo } from '../../../protocol/column.js';
import { edit } from '../state/edit.js';
import type { Store } from '../store.js';
import { followLatest } from './follow-latest.js';

/** Moves the window of a chart on with its data, where the person asked for that, until the returned function is called. */
export function keepFollowing({
  navigation,
  plot,
  snapshot,
}: Pick<Store, 'navigation' | 'plot' | 'snapshot'>): () => void {
  let last: { snapshot: string; x: ColumnInfo } | undefined;
  return effect(() => {
    const x = plot.value?.x;
    const before = last;
    last = x && snapshot.value !== null ? { snapshot: snapshot.value, x } : undefined;
    const view = navigation.view.peek();
    if (!before || !last || view?.follow !== true || !view.xDomain) return;
    if (before.snapshot === last.snapshot || before.x.name !== last.x.name) return;
    const moved = followLatest(view.xDomain, before.x, last.x);
    if (moved) navigation.revise(edit(view, { xDomain: moved }));
  });
}
