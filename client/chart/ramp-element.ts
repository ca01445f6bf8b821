import type { FigureParts } from './figure-parts.js';
import type { ChartPart } from './late-part.js';
import {
  BESIDE,
  HALF,
  layBelow,
  layBeside,
  MIDDLE,
  NUMBERS,
  TITLE_GAP,
  type LaidRamp,
} from './ramp-layout.js';

/** The thickness of a ramp beside the plot area, and what is between it and its numbers, in CSS pixels. */
const THICKNESS = 10;
const TICK = 4;
const TO_NUMBERS = TICK + 3;

/**
 * The ramp of a picture over `element`: what its colors mean. Plotly's own color bar takes three times as long as both axes, and
 * draws itself anew with each of their moves.
 */
export function createRampElement(element: HTMLElement): ChartPart<FigureParts> {
  const host = document.createElement('div');
  host.className = 'halftone-ramp';
  host.setAttribute('role', 'img');
  /** What is on the screen. */
  let drawn = '';

  return {
    place(parts) {
      const beside = parts && layBeside(parts);
      const below = parts && layBelow(parts);
      const laid = beside ?? below;
      if (parts === undefined || laid === undefined) {
        host.remove();
        return;
      }
      if (host.parentElement !== element) element.append(host);
      const { frame, theme } = parts;
      const { margin } = frame;
      const box = {
        right: frame.width - margin.r,
        top: margin.t,
        bottom: frame.height - margin.b,
      };
      const key = JSON.stringify([laid, box, theme.muted, theme.axis, theme.font]);
      if (key === drawn) return;
      drawn = key;
      host.style.cssText = '';
      Object.assign(host.style, {
        position: 'absolute',
        pointerEvents: 'none',
        contain: 'layout style',
        color: theme.muted,
        font: `11px/1.2 ${theme.font}`,
        whiteSpace: 'nowrap',
        // Numbers stand at the right of a ramp on every page.
        direction: 'ltr',
      });
      host.setAttribute('aria-label', wordsOf(laid));
      if (below === undefined) standBeside(host, laid, box, theme.axis);
      else lieBelow(host, below, box);
    },
    destroy: () => host.remove(),
  };
}

/** Styles by their names in scripts. */
type Styles = Record<string, string>;

interface Box {
  right: number;
  top: number;
  bottom: number;
}

function standBeside(host: HTMLElement, laid: LaidRamp, box: Box, tickColor: string): void {
  const height = box.bottom - box.top;
  Object.assign(host.style, {
    left: `${box.right + BESIDE}px`,
    top: `${box.top}px`,
    height: `${height}px`,
    display: 'grid',
    gridTemplate: `100% / ${THICKNESS}px auto auto`,
    columnGap: `${TO_NUMBERS}px`,
  });
  const bar = part('', { background: gradient('to top', laid) });
  // All in one cell, which is as wide as the widest.
  const numbers = laid.numbers.map(({ share, text }) => {
    const number = part(text, {
      gridArea: '1 / 2',
      alignSelf: 'end',
      position: 'relative',
      transform: `translateY(calc(50% - ${share * height}px))`,
    });
    number.append(
      part('', {
        position: 'absolute',
        top: '50%',
        left: `${-TO_NUMBERS}px`,
        width: `${TICK}px`,
        borderTop: `1px solid ${tickColor}`,
      }),
    );
    return number;
  });
  const title = part(laid.title ?? '', {
    gridArea: '1 / 3',
    placeSelf: 'center',
    writingMode: 'vertical-rl',
    maxHeight: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    fontSize: '12px',
  });
  host.replaceChildren(bar, ...numbers, title);
}

function lieBelow(host: HTMLElement, laid: LaidRamp & { length: number }, box: Box): void {
  const { length, title, numbers } = laid;
  Object.assign(host.style, {
    left: `${box.right - length}px`,
    top: `${box.bottom + MIDDLE - HALF}px`,
    width: `${length}px`,
    height: `${2 * HALF}px`,
  });
  const bar = part('', { height: '100%', background: gradient('to right', laid) });
  const words = (text: string, style: Styles): HTMLElement =>
    part(text, { position: 'absolute', ...style });
  host.replaceChildren(
    bar,
    ...numbers.map(({ share, text }) =>
      words(text, {
        left: `${100 * share}%`,
        top: `${HALF + NUMBERS - MIDDLE}px`,
        transform: 'translate(-50%, -50%)',
      }),
    ),
    words(title ?? '', {
      right: `${length + TITLE_GAP}px`,
      top: '50%',
      transform: 'translateY(-50%)',
    }),
  );
}

function part(text: string, style: Styles): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  // With colors of the system a gradient would be taken away.
  Object.assign(element.style, style, 'background' in style ? { forcedColorAdjust: 'none' } : {});
  return element;
}

const gradient = (to: string, { tones }: LaidRamp): string =>
  `linear-gradient(${to}, ${tones.join(', ')})`;

const wordsOf = ({ title, numbers }: LaidRamp): string =>
  `Colors: ${[title, numbers.map(({ text }) => text).join(', ')].filter(Boolean).join(', ')}`;
