import type { PlotlyTrace } from './plotly.js';
import type { ColorInfo } from '../../protocol/frame.js';
import type { Theme } from '../theme.js';
import type { Frame } from './frame-box.js';
import type { Picture } from './picture.js';
import type { ChartSpec, Tool } from './types.js';
import type { View } from './view.js';

/** What axes, legend and ramp are made of. */
export interface FigureParts {
  spec: ChartSpec;
  picture: Picture;
  color: ColorInfo | undefined;
  view: View;
  theme: Theme;
  frame: Frame;
  withLegend: boolean;
  /** What a drag does; default `move`. */
  tool?: Tool;
}

/** What Plotly draws. */
export interface Figure {
  data: PlotlyTrace[];
  layout: Record<string, unknown>;
}
