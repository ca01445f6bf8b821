import type { JsonValue } from '../../../protocol/column.js';
import type { Theme } from '../../theme.js';
import type { PlotArea } from '../frame-box.js';
import { pixelX, pixelY } from '../picture.js';
import type { View } from '../view.js';
import type { Shape } from './shape.js';

/** What a drawing of a selection needs to know of the picture below it. */
export interface LayerPlace {
  area: PlotArea;
  view: View;
  theme: Theme;
  /** The values of bars, from the top. */
  keys: readonly JsonValue[];
}

/** The outline of a selection and a veil over the rest, above axes and marks. */
export interface SelectionLayer {
  draw(shape: Shape | undefined, place: LayerPlace): void;
  destroy(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
/** How much of the rest the veil hides: what is not selected stays to be seen. */
const VEIL = '0.66';

/** Puts the layer into `element`; it takes no pointer. */
export function createSelectionLayer(element: HTMLElement): SelectionLayer {
  const svg = document.createElementNS(SVG, 'svg');
  svg.classList.add('halftone-selection');
  svg.setAttribute('aria-hidden', 'true');
  Object.assign(svg.style, { position: 'absolute', pointerEvents: 'none', overflow: 'hidden' });
  const veil = document.createElementNS(SVG, 'path');
  veil.setAttribute('fill-rule', 'evenodd');
  // Two strokes, so that the outline shows on any ground.
  const halo = document.createElementNS(SVG, 'path');
  const outline = document.createElementNS(SVG, 'path');
  for (const path of [halo, outline]) path.setAttribute('fill', 'none');
  svg.append(veil, halo, outline);

  return {
    draw(shape, place) {
      if (shape === undefined) {
        svg.remove();
        return;
      }
      const { area, theme } = place;
      if (svg.parentElement !== element) element.append(svg);
      Object.assign(svg.style, {
        left: `${area.left}px`,
        top: `${area.top}px`,
        width: `${area.width}px`,
        height: `${area.height}px`,
      });
      const path = pathOf(shape, place);
      veil.setAttribute('d', `M0 0H${area.width}V${area.height}H0Z${path}`);
      veil.setAttribute('fill', theme.surface);
      veil.setAttribute('fill-opacity', VEIL);
      halo.setAttribute('d', path);
      halo.setAttribute('stroke', theme.surface);
      halo.setAttribute('stroke-width', '3.5');
      outline.setAttribute('d', path);
      outline.setAttribute('stroke', theme.text);
      outline.setAttribute('stroke-width', '1.25');
    },
    destroy: () => svg.remove(),
  };
}

/** The outline in CSS pixels from the top left of the plot area. */
export function pathOf(shape: Shape, { area, view, keys }: Omit<LayerPlace, 'theme'>): string {
  const stage = { width: area.width, height: area.height, ratio: 1, view };
  // Far outside of the screen numbers grow beyond what a path can hold.
  const clamp = (at: number): number => Math.min(Math.max(at, -1e4), 3e4);
  const x = (position: number): string => clamp(pixelX(position, stage)).toFixed(1);
  const y = (position: number): string => clamp(pixelY(position, stage)).toFixed(1);
  switch (shape.kind) {
    case 'box':
      return `M${x(shape.x[0])} ${y(shape.y[0])}H${x(shape.x[1])}V${y(shape.y[1])}H${x(shape.x[0])}Z`;
    case 'cells':
      return shape.x
        .flatMap((left) =>
          shape.y.map((low) => pathOf({ kind: 'box', x: left, y: low }, { area, view, keys })),
        )
        .join('');
    case 'band':
      return `M${x(shape.x[0])} -2H${x(shape.x[1])}V${area.height + 2}H${x(shape.x[0])}Z`;
    case 'lasso':
      return `M${shape.points.map(([px, py]) => `${x(px)} ${y(py)}`).join('L')}Z`;
    case 'keys': {
      // Key `at` from the top lies around the position `keys.length - 1 - at`.
      const places = keys.flatMap((key, at) => (shape.keys.includes(key) ? [at] : []));
      return places
        .map((at) => {
          const top = y(keys.length - 1 - at + 0.5);
          const bottom = y(keys.length - 1 - at - 0.5);
          return `M-2 ${top}H${area.width + 2}V${bottom}H-2Z`;
        })
        .join('');
    }
  }
}
