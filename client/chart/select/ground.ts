import type { Theme } from '../../theme.js';
import type { PlotArea } from '../frame-box.js';
import type { Shown } from '../shown.js';
import type { View } from '../view.js';
import type * as bins from './bins.js';
import type { SelectionPlane } from './selection-filters.js';
import type { LayerPlace } from './selection-layer.js';

/** The picture that rows are selected in, as it stands on the screen now. */
export type SelectionGround = SelectionPlane &
  LayerPlace & {
    /** Gives the bins of the picture, where it has any. */
    bins?: () => Promise<bins.Bins>;
  };

/** One promise for all clicks: what was hit first is selected first, also while the module is on its way. */
let loading: Promise<typeof bins> | undefined;

/** The picture that is shown as rows are selected in it. What tells bins comes with the first who asks for them. */
export function groundOf(
  { picture, spec: { query }, question, frame }: Shown,
  on: { view: View; area: PlotArea; theme: Theme },
): SelectionGround {
  const { axes, categories, keys = [] } = picture;
  const ground = { query, axes, categories, keys, ...on };
  const isBar = query.mark === 'bar';
  if (query.mark !== 'histogram' && query.mark !== 'heatmap' && !isBar) return ground;
  const load = async (): Promise<bins.Bins> => {
    loading ??= import('./bins.js');
    return isBar
      ? (await loading).barsOf(frame, question, keys)
      : (await loading).binsOf(frame, question, picture);
  };
  return { ...ground, bins: load };
}
