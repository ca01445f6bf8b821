import type { FrameMetadata, FramePlan } from '../../protocol/frame.js';
import type { AxisDomain, Filter, Query } from '../../protocol/query.js';
import type { Ask } from '../data/ask.js';
import type { DecodedFrame } from '../data/frame.js';
import type { Palette, Shade } from '../../protocol/view/shading.js';
import type { Theme } from '../theme.js';

/** The ends of each axis as a query holds them; times as ISO 8601, an axis that is absent is fitted to the rows. */
export interface ChartDomain {
  x?: AxisDomain;
  y?: AxisDomain;
}

/**
 * Radius (CSS pixels) and opacity of a row in the place of what `markStyle` chooses, the width of lines, the scale of counts, and
 * the ramp.
 */
export interface ChartStyle {
  radius?: number;
  opacity?: number;
  /** How wide lines are, in CSS pixels. */
  stroke?: number;
  shade?: Shade;
  palette?: Palette;
  /** Of the palette `diverging`: by default zero, where numbers lie on both sides of it. */
  middle?: number;
}

/** What a chart shows. */
export interface ChartSpec {
  /** The question without its size and domain, which the chart adds. */
  query: Query;
  domain?: ChartDomain;
  /**
   * The domain ends where the rows do: until the person moves it, the first and the last bin of a histogram are shown whole.
   * Without a domain they always are.
   */
  wholeBins?: boolean;
  /** Which axes of a heatmap have categories: their cells have room for a label. */
  categories?: { x?: boolean; y?: boolean };
  /** The words at the axes, and at the ramp of a heatmap. */
  labels?: { x?: string; y?: string; value?: string };
  /** Stand in a saved picture, not on the page. */
  title?: string;
  footer?: string;
  /** Whether the chart shows the legend of its colors; false where the page has one. Default true. */
  legend?: boolean;
  /** Categories of the color that are not shown: the same frame in other shades, nothing is asked. Null is the missing one. */
  hidden?: readonly (string | null)[];
  /** Whether a line stands at the present of a time axis. */
  now?: boolean;
  /** Another number asks the same once more. Default 0. */
  attempt?: number;
  /** How the frame is painted; nothing is asked when it changes, but for the rows that another stroke shows. */
  style?: ChartStyle;
}

export type ChartState = 'loading' | 'moving' | 'exact' | 'empty' | 'error';

/** Which of the three back ends draws, or `auto` for the one that is faster here. */
export type RendererName = 'gpu' | 'cpu' | 'plotly';
export type RendererChoice = 'auto' | RendererName;

/** What is known about the picture on the screen. */
export interface ChartStatus {
  state: ChartState;
  /** Of the frame on the screen, or undefined before the first. */
  metadata?: FrameMetadata;
  plan?: FramePlan;
  timing?: Readonly<Record<string, number>>;
  /** Arrow bytes of the frame on the screen. */
  bytes: number;
  /** Milliseconds from the question to the picture. */
  elapsedMs: number;
  renderer: RendererName;
  /** Why it is that one, in a few words: `it was asked for by name`. */
  rendererReason: string;
  /** What went wrong, in state `error`: a `ProblemError` where the server said so. */
  error?: unknown;
}

/** What is under the pointer; `left` and `top` are CSS pixels within the chart's element. */
export type Hover = { left: number; top: number } & (
  | {
      kind: 'row';
      /** The row's number in the snapshot. */
      row: number;
      /** Its values as the axes show them: numbers, or ISO 8601. */
      x: number | string;
      y: number | string;
      /** Its category, or its number. */
      color?: string | number | null;
    }
  | { kind: 'rows'; rows: number }
  | {
      kind: 'bin';
      /** `1 to 2`, `2001-01-05`, `ATL`. */
      label: string;
      /** Of a cell: where it lies along each axis, in the words of its label. */
      sides?: readonly { name: string; ends: string }[];
      value: number | null;
      rows: number;
      series?: string | null;
    }
);

/**
 * What a drag does: moves the axes, zooms into a box, or selects rows by a box or a lasso. On marks whose x axis alone
 * can be chosen from (histogram, line) both select by a brush along x. Where the chart has an `onSelect`, a drag with
 * Shift selects whatever the tool is.
 */
export const TOOLS = ['move', 'zoom', 'box', 'lasso'] as const;
export type Tool = (typeof TOOLS)[number];

/** `changing` while the person drags or moves the box by keys; `final` when they have let go. */
export type SelectPhase = 'changing' | 'final';

/**
 * Where a box or a brush lies, as shares of the axes of the picture on the screen, 0 at the low end and 1 at the high one:
 * for brush cubes, which count in cells.
 */
export interface BrushShares {
  x: readonly [number, number];
  y?: readonly [number, number];
}

export interface ChartOptions {
  ask: Ask;
  theme: Theme;
  /** Default `auto`. */
  renderer?: RendererChoice;
  /**
   * The person chose another part of the picture, or asked for all of it (`fit`, with null). The chart shows it
   * already; an `update` with the same domain changes nothing.
   */
  onDomain?: (domain: ChartDomain | null, source: 'user' | 'fit') => void;
  /** Whether Plotly's buttons for the tools stand over the chart; false where the page has its own. Default true. */
  withButtons?: boolean;
  /** Called when what is under the pointer changes; undefined when nothing is. */
  onHover?: (hover: Hover | undefined) => void;
  /**
   * The person selected rows, or took the selection back (null). It comes as filters, AND-ed as in a query: a range along
   * each axis of a box, brush or bin, a polygon, or the keys of bars. The chart marks them and goes on showing all rows.
   */
  onSelect?: (
    filters: readonly Filter[] | null,
    phase: SelectPhase,
    brush: BrushShares | undefined,
  ) => void;
  /** The person hid or showed categories by the chart's own legend. */
  onHidden?: (hidden: readonly (string | null)[]) => void;
  /** The person took another tool by the chart's own buttons. */
  onTool?: (tool: Tool) => void;
  /** Called when the state or the frame on the screen changes. */
  onState?: (status: ChartStatus, frame: DecodedFrame | undefined) => void;
}

export interface Chart {
  update(spec: ChartSpec): void;
  setTheme(theme: Theme): void;
  /** Shows all rows that match, as a double click does. */
  fit(): void;
  /** What the next drag does; default `move`. */
  setTool(tool: Tool): void;
  /** Marks what the filters keep, as far as they are a selection of this chart; `onSelect` hears nothing of it. */
  select(filters: readonly Filter[] | null): void;
  /**
   * Acts on a key of a focused chart, and tells whether it was one: `s` starts a box, or takes the bin or bar, at the pointer, arrows
   * move it, with Shift they size it, Enter takes it, Escape clears the selection.
   */
  key(event: KeyboardEvent): boolean;
  /** The picture with axes, marks, title and footer. */
  toPng(options?: { scale?: number }): Promise<Blob>;
  /** The same with axes and words as shapes and text; the marks are an image of `scale` pixels a CSS pixel. */
  toSvg(options?: { scale?: number }): Promise<Blob>;
  status(): ChartStatus;
  /** Where the axes on the screen are, as a query asks for it; undefined before the first picture. */
  domain(): ChartDomain | undefined;
  /** Resolves when the axes on the screen are those of the last picture; Plotly draws them a little later. */
  drawn(): Promise<void>;
  destroy(): void;
}
